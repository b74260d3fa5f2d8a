"""Texts of the commands around the coach, in English and Chinese."""

TEXTS: dict[str, tuple[str, str]] = {
    "serve": ("Start the coach, its pages and its interface on one address.", "在一个地址上启动服务、页面与接口。"),
    "serve.help": (
        "Run the rules of the policy in force over a store at their due instants, send messages, and answer at /api/v1. With "
        "--demo the store is filled with a sample firm that the simulated office generated.",
        "按到期时刻对存储中的记录执行现行制度的规则，发送消息，并在 /api/v1 提供接口。"
        "加 --demo 时，存储中填入由模拟团队生成的示例公司。",
    ),
    "parity": (
        "Show that simulator and live service fire the same rules and set the same targets.",
        "验证模拟器与在线服务触发的规则和设定的目标完全相同。",
    ),
    "parity.help": (
        "Run a small office under a policy, post its journal through HTTP into a store under a replayed clock, and compare "
        "what rules did (rule, record, instant and effect), the targets (unit, period, amount and instant), and to whom leads "
        "were given where that is chosen by the record. Exit code 1 if anything differs.",
        "让一个小团队在一套制度下运行，把其日志经 HTTP 提交到采用回放时钟的存储，并逐项比较规则动作（规则、记录、时刻与效果）、"
        "目标（单位、周期、金额与时刻），以及按记录选择时线索分给了谁。"
        "如有不同，退出码为 1。",
    ),
    "option.store": ("Store: a SQLite file or a database URL.", "存储：SQLite 文件或数据库 URL。"),
    "option.port": ("Port to listen on.", "监听端口。"),
    "option.host": ("Address to listen on; 127.0.0.1 is this machine only.", "监听地址；127.0.0.1 仅限本机。"),
    "option.public_address": (
        "Address by which browsers come where it is another, such as https://rehearse.example.com behind a proxy.",
        "浏览器所用的地址（若与监听地址不同），例如代理之后的 https://rehearse.example.com。",
    ),
    "option.demo": ("Fill the store with a sample firm.", "填入示例公司。"),
    "option.parity_weeks": ("Weeks that the office is run.", "团队运行的周数。"),
    "option.parity_scenario": (
        "The office to run; a small one unless told, with projects for a policy whose kinds play something.",
        "要运行的团队（场景）；默认为小团队，制度的记录类型对应项目事物时为带项目的团队。",
    ),
    "serve.filling": ("The simulated office is generating the sample firm …", "模拟团队正在生成示例公司……"),
    "serve.sample": (
        "This store holds a sample firm that the simulated office generated; nothing in it is real.",
        "此存储中是由模拟团队生成的示例公司，均非真实数据。",
    ),
    "serve.sign_ins": ("Sign-ins, shown this once:", "登录信息（仅显示一次）："),
    "serve.name": ("name", "用户名"),
    "serve.password": ("password", "密码"),
    "serve.role": ("role", "角色"),
    "serve.unit": ("unit", "单位"),
    "serve.at": (
        "Listening on {url} (interface: {url}/api/v1); stop with Ctrl+C.",
        "正在 {url} 提供服务（接口：{url}/api/v1），按 Ctrl+C 停止。",
    ),
    "serve.public": ("Pages are used at {url} and nowhere else.", "页面只能在 {url} 使用。"),
    "serve.in_use": ("Port {port} is in use; choose another with --port.", "端口 {port} 已被占用，请用 --port 另选。"),
    "parity.holds": (
        "{events} events in {batches} requests: rules did the same {same} things in simulator and live service, assignments of "
        "leads included where the coach makes them, both set the same {same_targets} targets, and both judged the same "
        "{same_days} days of records.",
        "{batches} 次请求共 {events} 个事件：模拟器与在线服务中规则的 {same} 项动作完全相同（含教练对线索的分配），"
        "设定的 {same_targets} 个目标及 {same_days} 个记录日的判定也完全相同。",
    ),
    "parity.differs": (
        "{missing} things are missing in the live service, {extra} are extra, {same} are the same.",
        "在线服务缺少 {missing} 项，多出 {extra} 项，相同 {same} 项。",
    ),
    "parity.days_differ": (
        "{missing} days of records were judged otherwise in the live service, {same} alike.",
        "{missing} 个记录日在在线服务中的判定不同，{same} 个相同。",
    ),
    "parity.targets_differ": (
        "{missing} targets of the office are reckoned otherwise in the live service, {same} alike.",
        "团队的 {missing} 个目标在在线服务中测算结果不同，{same} 个相同。",
    ),
    "parity.never_came_up": (
        "Nothing is shown of rules that never came up in these weeks: {rules}.",
        "以下规则在这段时间内从未触发，结果不涉及它们：{rules}。",
    ),
    "parity.missing": ("missing", "缺少"),
    "parity.extra": ("extra", "多出"),
}
