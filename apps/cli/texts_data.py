"""Texts of the commands that bring data in and score them, in English and Chinese, under one key each."""

DATA_TEXTS: dict[str, tuple[str, str]] = {
    "import": ("Bring a CRM's files into a store.", "把 CRM 文件导入存储。"),
    "import.help": (
        "Bring the files of FOLDER (CSV, Excel or Parquet; a single file, a zip archive or a database such as sqlite:///crm.db "
        "or postgresql://USER:PASSWORD@HOST/DATABASE will do) into a store. A mapping "
        "says what the columns mean: rehearse, zoho-school, or your own YAML file (rehearse schema mapping); --guess finds it "
        "out. Every row is imported, repaired or set aside, and the counts add up. Importing twice changes nothing.",
        "把 FOLDER 中的文件（CSV、Excel 或 Parquet，也可以是单个文件、zip 压缩包，或 sqlite:///crm.db、"
        "postgresql://用户:密码@主机/数据库 这样的数据库）导入存储。"
        "映射说明各列的含义：rehearse、zoho-school，或您自己的 YAML 文件"
        "（见 rehearse schema mapping）；--guess 自动识别。每一行或导入、或修正、或搁置，数目相符。重复导入不会改变任何内容。",
    ),
    "import.mapping_or_guess": (
        "Say --mapping, or --guess to have it guessed from the tables.",
        "请用 --mapping 指定映射，或用 --guess 根据数据表自动识别。",
    ),
    "import.zone_of_mapping": (
        "--zone goes with --guess; a mapping says its time_zone itself.",
        "--zone 与 --guess 一起使用；映射本身写有 time_zone。",
    ),
    "option.zone": (
        "time zone of the files, such as Europe/Berlin, where --guess cannot tell it",
        "文件的时区，例如 Europe/Berlin，用于 --guess 无法判断时",
    ),
    "import.unsaid": (
        "{table}: {rows:,} rows have '{value}' in {column}, which sounds like {sounds}, and the mapping makes nothing of it. "
        "Add it where the mapping says what is {sounds}, and import again.",
        "{table}：{rows:,} 行的{column}为“{value}”，看似{sounds}，但映射未作处理。请在映射中补充后重新导入。",
    ),
    "guess.columns": ("The columns of the deals", "商机各列的含义"),
    "guess.means": ("meaning", "含义"),
    "guess.column": ("column", "列"),
    "guess.example": ("example", "示例"),
    "guess.rows": ("The first {count} deals as they are read", "前 {count} 个商机的读取结果"),
    "guess.counts": ("Nothing is stored yet", "尚未存储任何内容"),
    "guess.unused": (
        "{file} ({rows:,} rows) is left out: nothing in it leads to a deal. A mapping of your own can bring it in.",
        "{file}（{rows:,} 行）未导入：其中没有指向商机的内容。可自行编写映射导入。",
    ),
    "guess.which": ("Which?", "请选择"),
    "guess.go_on": ("Bring this in?", "确认导入？"),
    "guess.open": (
        "Nothing was stored: the files do not give the answer to {count} question(s), and it changes what is counted. Answer, "
        "or leave --yes away to be asked:",
        "未存储任何内容：有 {count} 个问题无法从文件中得出答案，且会影响统计结果。请回答，或去掉 --yes 逐个询问：",
    ),
    "guess.zone": (
        "Clock times without an offset are taken as those of {zone}; another zone: --zone Europe/Berlin.",
        "未注明时区的时间按 {zone} 理解；如需其他时区：--zone Europe/Berlin。",
    ),
    "guess.nobody": (
        "No answer came, and nothing was stored. Answer with --answer KEY=VALUE, or take the guesses with --yes.",
        "没有得到回答，未存储任何内容。请用 --answer KEY=VALUE 回答，或用 --yes 直接采用识别结果。",
    ),
    "import.nothing": (
        "No row was brought in; the reasons stand above, and --aside FILE lists them row by row. Correct the mapping, or guess "
        "anew with --guess.",
        "没有导入任何行；原因见上，--aside FILE 可逐行列出。请修改映射，或用 --guess 重新识别。",
    ),
    "guess.no_answer": ("An answer is written KEY=VALUE; found {found}.", "回答须写成 KEY=VALUE，而不是 {found}。"),
    "guess.kept": (
        "The mapping is kept in {file}: for the next export, rehearse import FOLDER --mapping {file} --to {store}. Read it, "
        "and change what is not so.",
        "映射保存在 {file}：下次导出请用 rehearse import FOLDER --mapping {file} --to {store}。请检查并改正不符之处。",
    ),
    "option.guessed": ("guess from headings and values what the tables mean", "根据列名和数值识别各表的含义"),
    "option.as_guessed": (
        "take the guesses as they are; stop where an open question would change a result",
        "直接采用识别结果；若有会影响结果的疑问则停止",
    ),
    "option.answers": ("the answer to a question of --guess", "对 --guess 所提问题的回答"),
    "option.keep": (
        "where to keep the guessed mapping (beside the store unless told)",
        "识别出的映射的保存位置（默认在存储旁）",
    ),
    "store": ("Upgrade, back up, restore or check a store.", "升级、备份、恢复或检查存储。"),
    "store.help": (
        "Upgrade, back up, restore or check a store, or list its likely duplicates: a SQLite file or a postgresql:// URL.",
        "升级、备份、恢复或检查存储，或列出其中疑似重复的客户：SQLite 文件或 postgresql:// 地址。",
    ),
    "store.zone": ("Set the firm's time zone.", "设定企业的时区。"),
    "store.zone.help": (
        "Set the time zone (IANA name, such as Europe/Berlin) in which dates of STORE are typed and shown and its opening "
        "hours hold, and with it whose public holidays and weekends hold: those of the zone's country, or of --country. The "
        "first import gives a store the zone of its mapping.",
        "设定 STORE 中日期的输入、显示和营业时间所用的时区（IANA 名称，如 Europe/Berlin），以及公共假日与周末："
        "按时区所在国家，或按 --country。首次导入时取映射的时区。",
    ),
    "store.zone_set": (
        "Dates are in {zone} from now on; public holidays are those of {country}, and the weekend is {weekend}.",
        "此后日期均按 {zone}，公共假日按 {country}，周末为{weekend}。",
    ),
    "store.zone_of_no_country": (
        "The zone lies in no country of which holidays are known: holidays and weekend stay as they were (--country XX changes "
        "them).",
        "该时区不属于任何已知公共假日的国家：假日与周末保持不变（可用 --country XX 更改）。",
    ),
    "option.country": (
        "Country whose public holidays hold (two letters, such as DE); if not stated, that of the zone.",
        "公共假日所属国家（两位代码，如 DE）；不写则按时区所在国家。",
    ),
    "error.country": (
        "No public holidays are known for the country {name!r}; give two letters such as CN or DE.",
        "没有国家“{name}”的公共假日；请写两位代码，如 CN 或 DE。",
    ),
    "error.zone": (
        "{name!r} is no time zone; give an IANA name such as Asia/Shanghai.",
        "“{name}”不是时区；请给出 IANA 名称，如 Asia/Shanghai。",
    ),
    "import.zone": (
        "Dates of this store are typed and shown in {zone}, with the public holidays of {country} and the weekend on {weekend} "
        "(rehearse store zone {store} ZONE --country XX changes that).",
        "该存储的日期按 {zone} 输入和显示，公共假日按 {country}，周末为{weekend}"
        "（可用 rehearse store zone {store} ZONE --country XX 更改）。",
    ),
    "store.currency": ("Say which currency the firm's is.", "设定企业的货币。"),
    "store.currency.help": (
        "Say in which currency (ISO 4217 code, such as CNY) the amounts of STORE are. Sums are in it; amounts in other "
        "currencies are turned into it at dated rates. The first import gives a store the currency of its mapping; once "
        "there are amounts it does not change.",
        "设定 STORE 的金额使用的货币（ISO 4217 代码，如 CNY）。各项合计均以它计，其他货币的金额按日期对应的汇率折算。"
        "首次导入时取映射的货币；有了金额之后不再更改。",
    ),
    "store.currency_set": ("Amounts are in {currency}.", "金额以 {currency} 计。"),
    "error.currency": (
        "{code!r} is no code of a currency; give three capitals such as CNY.",
        "“{code}”不是货币代码；请给出三个大写字母，如 CNY。",
    ),
    "import.currency": ("Amounts of this store are in {currency}.", "该存储的金额以 {currency} 计。"),
    "import.no_currency": (
        "Nobody said in which currency the amounts of this store are (rehearse store currency {store} CODE does); all are "
        "taken for one.",
        "尚未说明该存储的金额使用哪种货币（可用 rehearse store currency {store} CODE 设定）；均视为同一种货币。",
    ),
    "store.rates": ("Take dated rates of currencies.", "读入各日期的汇率。"),
    "store.rates.help": (
        "Take the rates of FILE (CSV with the columns date, currency, rate) into STORE. A rate is what one unit of the "
        "currency is worth in the firm's, from its date until the next one. Amounts that waited for a rate get their price; "
        "what has one keeps it.",
        "把 FILE（CSV，列为 date、currency、rate）中的汇率读入 STORE。"
        "rate 是一单位该货币折合企业货币的数额，自该日起至下一汇率为止有效。等待汇率的金额随即折算；已折算的金额不变。",
    ),
    "store.signals": ("Take demand seen outside.", "读入客户外部需求信号。"),
    "store.signals.help": (
        "Take looks at customers from outside from FILE (CSV with the columns customer, date, tenders, hiring) into STORE: how "
        "many open tenders and job adverts a customer had on a day. Deals whose forecast is high while contact or demand "
        "outside is low are flagged as falsely prosperous (S2). The same look again changes nothing.",
        "把 FILE（CSV，列为 customer、date、tenders、hiring）中的客户外部信号读入 STORE：某日该客户的招标数与招聘数。"
        "预测偏高而接触或外部需求偏低的商机标为虚假繁荣（S2）。重复读入同一条不会改变任何内容。",
    ),
    "store.signals_taken": (
        "Looks at customers from outside: {recorded:,} recorded, {repeated:,} known; flags of false prosperity changed: "
        "{flags:,}.",
        "客户外部信号：记录 {recorded:,} 条，已有 {repeated:,} 条；虚假繁荣标记变更 {flags:,} 个。",
    ),
    "store.signal_refused": ("Row {row}: {why}", "第 {row} 行：{why}"),
    "store.rates_added": (
        "Rates: {new:,} new, {changed:,} changed, {same:,} known.",
        "汇率：新增 {new:,}，更改 {changed:,}，已有 {same:,}。",
    ),
    "store.priced": ("Amounts that got their price: {amounts:,}.", "{amounts:,} 笔金额已折算。"),
    "store.unpriced": (
        "Amounts without a price in the firm's currency: {told}. Their deals are counted, in no sum. Add rates from those days "
        "or before: rehearse store rates {store} FILE.",
        "尚未折算为企业货币的金额：{told}。相应商机已计数，但不计入任何合计。"
        "请补充当日或更早的汇率：rehearse store rates {store} FILE。",
    ),
    "store.unpriced_in": ("{amounts:,} in {currency} ({first} to {last})", "{currency} {amounts:,} 笔（{first} 至 {last}）"),
    "store.upgrade": ("Bring a store to the present layout.", "把存储升级到当前布局。"),
    "store.upgrade.help": (
        "Bring STORE to the layout that this program works with, without loss, all of it or nothing. Of a file a copy is kept "
        "beside it. A store written by a newer version is left as it is.",
        "把 STORE 升级到本程序使用的布局，不丢失数据，要么全部完成要么不作改动。若为文件，旁边会保留一份副本。"
        "由较新版本写入的存储不作改动。",
    ),
    "store.backup": ("Copy a store into a file, while it is in use.", "在使用中把存储复制到文件。"),
    "store.backup.help": (
        "Copy STORE into FILE, which must not exist yet. Whatever database it comes from, the copy is a SQLite file.",
        "把 STORE 复制到尚不存在的 FILE。无论来自哪种数据库，副本都是 SQLite 文件形式的存储。",
    ),
    "store.restore": ("Make a store of a backup.", "由备份生成存储。"),
    "store.restore.help": (
        "Put the backup FILE at STORE, a SQLite file or a postgresql:// URL: also the way from one database to the other.",
        "把备份 FILE 放到 STORE（SQLite 文件或 postgresql:// 地址）；也可用于在两种数据库之间迁移。",
    ),
    "store.check": ("Look whether a store is in order.", "检查存储是否完好。"),
    "store.check.help": (
        "Look whether STORE is in order, without changing it. Exit code 1 where something is not.",
        "检查 STORE 是否完好，不作改动。若有问题，退出码为 1。",
    ),
    "option.store_replace": ("Replace the store that is there.", "取代已有的存储。"),
    "store.duplicates": ("List customers that are likely the same.", "列出疑似重复的客户。"),
    "store.duplicates.help": (
        "List pairs of customers, leads and deals of STORE that are likely the same customer, the likeliest first, with their "
        "owners and the reasons. STORE is not changed.",
        "列出 STORE 中很可能属于同一客户的客户、线索和商机（成对），按可能性从高到低，并注明负责人与依据。不改动 STORE。",
    ),
    "option.duplicates_perhaps": ("List those that are perhaps the same as well.", "同时列出可能相同的客户。"),
    "option.duplicates_csv": ("Write all pairs to this CSV file.", "把全部成对结果写入此 CSV 文件。"),
    "duplicates.comparing": ("comparing", "正在比对"),
    "duplicates.none": ("No two customers are likely the same.", "没有疑似重复的客户。"),
    "duplicates.found": (
        "Pairs that are likely the same customer: {likely:,}; perhaps the same: {perhaps:,}.",
        "很可能为同一客户：{likely:,} 对；可能相同：{perhaps:,} 对。",
    ),
    "duplicates.found_likely": (
        "Pairs that are likely the same customer: {likely:,}.",
        "很可能为同一客户：{likely:,} 对。",
    ),
    "duplicates.more": ("Shown are the first {shown}; --csv writes them all.", "仅显示前 {shown} 对；--csv 可写出全部。"),
    "duplicates.nobody": ("nobody", "无"),
    "duplicates.one": ("customer", "客户"),
    "duplicates.other": ("likely the same", "疑似相同"),
    "duplicates.owners": ("owners", "负责人"),
    "duplicates.share": ("likeness", "可能性"),
    "duplicates.why": ("why", "依据"),
    "store.is_present": ("The store has the present layout, {layout}.", "存储已是当前布局 {layout}。"),
    "store.upgraded": ("Upgraded from layout {was} to {layout}.", "已从布局 {was} 升级到 {layout}。"),
    "store.copy": ("Its former state is kept in {file}", "升级前的副本保存在 {file}"),
    "store.copying": ("copying", "正在复制"),
    "store.restored": ("Restored.", "已恢复。"),
    "store.layout": ("Layout {layout}", "布局 {layout}"),
    "store.question": ("looked at", "检查内容"),
    "store.wrong": ("not in order", "有问题"),
    "store.sound": ("The store is in order.", "存储完好。"),
    "store.unsound": ("The store is not in order: restore a backup, or ask.", "存储有问题：请恢复备份或寻求帮助。"),
    "describe": ("Tell what a store's record says of the firm.", "说明记录反映出的企业情况。"),
    "describe.help": (
        "Describe what STORE records: who is won, how long it takes, when leads and wins come, how fast people answer, how "
        "people differ; with intervals, and with what cannot be said. Open opportunities count as open. --html writes a page.",
        "说明 STORE 中记录的情况：哪些商机赢单、需要多久、线索与赢单何时到来、响应多快、人员差异；附区间，并指出无法说明之处。"
        "在途商机按在途计入。--html 写出带图的网页。",
    ),
    "fit": ("Make an office of a store's record.", "依据存储中的记录拟合出一家模拟公司。"),
    "fit.help": (
        "Make a scenario whose opportunities are won and lost at the ages of those in STORE, with its people, its flow and its "
        "amounts, and show both beside each other. Rules are then tried on it as on any scenario. --html writes a page.",
        "生成一个场景：其商机赢单和丢单的账龄、人员、流量与金额均与 STORE 中的记录相符，并与记录对照展示。之后可像其他场景一样"
        "在其上试验规则。--html 写出带图的网页。",
    ),
    "option.fit_to": ("File for the scenario.", "场景写入的文件。"),
    "option.fit_people": (
        "People who sell; without it, as many as owned an opportunity in the last thirteen weeks.",
        "销售人数；缺省为最近十三周内负责过商机的人数。",
    ),
    "option.policy_in_force": ("The policy in force at the firm while this was recorded.", "记录期间公司实行的政策。"),
    "option.fit_until": (
        "Leave out what was recorded after this instant; without it, the office is of the last entry.",
        "不计此时刻之后记录的内容；缺省以最后一条记录为准。",
    ),
    "fit.of_the_day": (
        "The record ends on {day}; the office is the firm's of that day, with {people} people who sell.",
        "记录止于 {day}；模拟公司即当日的公司，有销售 {people} 人。",
    ),
    "fit.no_folder": ("there is no such folder", "文件夹不存在"),
    "progress.fitting": ("fitting", "拟合中"),
    "progress.opening": ("taking over what is open", "接入在途商机"),
    "option.from_store": (
        "Begin with the deals open in a store's record, in the firm's own office: --scenario names one that was fitted; "
        "without it, one is fitted first.",
        "从存储记录中的在途商机开始，在该公司自己的模拟团队里：--scenario 给出已拟合的团队；不写则先行拟合。",
    ),
    "option.from_at": (
        "With --from: the record as of then, such as 2024-01-15 (the end of that day); if not stated, or behind its last "
        "entry, that one.",
        "与 --from 同用：以该时刻的记录为准，如 2024-01-15（当日结束）；不写或晚于最后一条记录时，以最后一条为准。",
    ),
    "describe.unsaid": ("Cannot be said:", "无法说明："),
    "describe.value": ("value", "数值"),
    "describe.interval": ("95 % interval", "95 % 区间"),
    "describe.cases": ("cases", "个案数"),
    "score": ("Score reps, opportunities and customers once.", "对销售、商机和客户评分一次。"),
    "score.help": (
        "Score what was recorded in STORE by an instant: the least healthy opportunities (S1) with their chances of winning, "
        "then the worst number of every other score (S2 to S15), each with its reason; --only shows one score with more of "
        "its numbers, --xlsx and --json hold them all. Where the record does not allow a number, none is given and what is "
        "missing is said.",
        "按某一时刻之前的记录对 STORE 评分：先列健康度（S1）最低的商机及其赢单可能性，"
        "再列其余各项评分（S2 至 S15）中最差的一项，均附理由；"
        "--only 只看一项评分的更多数字，--xlsx 与 --json 含全部。"
        "记录不足以得出数字时不给数字，并说明缺少什么。",
    ),
    "knowledge": ("Search the answers that your desks gave.", "检索支持部门给过的答案。"),
    "knowledge.help": (
        "Find questions with answers in STORE that fit QUESTION, the best first, in English and Chinese.",
        "在 STORE 中查找与 QUESTION 相符的问答，最相符的在前，中英文均可。",
    ),
    "knowledge.question": ("question", "问题"),
    "knowledge.answer": ("answer", "答案"),
    "knowledge.nothing": ("Nothing in the knowledge base fits.", "知识库中没有相符的内容。"),
    "note": ("What a note of a meeting says.", "一条沟通记录说了什么。"),
    "note.help": (
        "Read TEXT, a note of a meeting in English or Chinese: budget, decision maker, competitor and next step, each with the "
        "words that it came from. Nothing is recorded.",
        "识别 TEXT（中文或英文的沟通记录）：预算、决策人、竞争对手和下一步，并给出依据的原话。不作任何记录。",
    ),
    "note.field": ("field", "字段"),
    "note.value": ("value", "值"),
    "note.words": ("words", "原话"),
    "note.undated": ("no day said", "未说日期"),
    "note.nothing": ("The note says nothing of these.", "记录中没有这些内容。"),
    "note.failed": (
        "The language model gave no answer that could be used; the program's own rules have read the note.",
        "语言模型未给出可用的答复，已改由本程序的规则识别。",
    ),
    "option.note_on": ("The day of the note, from which days are counted; today unless told.", "记录当天的日期；默认今天。"),
    "option.note_zone": ("Time zone of the note.", "记录所用时区。"),
    "audit": ("What rules and fields cost and bring, and what to drop.", "规则和字段的成本与作用，以及可删减项。"),
    "audit.help": (
        "Audit the policy in force in STORE over the last weeks: each rule (fired, followed, alerts, minutes, what is said), "
        "each field that is asked for (filled, used by whom), proposals to drop or loosen. --to FOLDER writes the policy of "
        "each proposal, with the command that rehearses it on the firm.",
        "审计 STORE 中现行制度最近数周的情况：每条规则（触发、后续动作、提醒、用时、评价）、"
        "每个必填字段（填写率、由谁使用），以及删除或放宽的建议。"
        "--to FOLDER 写出每项建议对应的制度，并给出在本公司预演的命令。",
    ),
    "audit.rules": ("Rules", "规则"),
    "audit.rule": ("rule", "规则"),
    "audit.fired": ("fired", "触发"),
    "audit.followed": ("followed", "有后续动作"),
    "audit.shadow": ("in shadow", "试运行时"),
    "audit.won": ("won after", "触发后赢单"),
    "audit.others": ("won else", "未触发赢单"),
    "audit.alerts": ("alerts", "提醒"),
    "audit.minutes": ("minutes", "分钟"),
    "audit.said": ("helps / in the way / wrong", "有用/碍事/有误"),
    "audit.reading": (
        "Followed: an entry on the record within seven days of the firing; not that it came of the rule. Minutes: one each, "
        "assumed. Won: of the records that were decided. Whether a rule changed an outcome the record cannot say: it fires on "
        "what is in trouble. Rehearse it instead.",
        "有后续动作：触发后七天内该记录有录入，并不说明由规则引起。分钟：按每条提醒 1 分钟假设。"
        "赢单：占已有结果的记录。"
        "规则是否改变了结果，仅凭记录无法判断（规则本来就触发在有问题的记录上），请用预演比较。",
    ),
    "audit.fields": ("Fields that are asked for", "必填字段"),
    "audit.field": ("field", "字段"),
    "audit.asked_by": ("asked by", "由谁要求"),
    "audit.filled": ("filled", "填写率"),
    "audit.entries": ("entries", "录入次数"),
    "audit.used_by": ("used by", "由谁使用"),
    "audit.nobody": ("nobody", "无"),
    "audit.no_proposals": ("Nothing to drop or to loosen.", "没有可删除或放宽的项目。"),
    "audit.drop_rule": ("Drop the rule {what}: {why}.", "删除规则 {what}：{why}。"),
    "audit.loosen_rule": ("Put the rule {what} into shadow: {why}.", "将规则 {what} 改为试运行：{why}。"),
    "audit.drop_field": ("Ask no longer for {what}: {why}.", "不再要求填写 {what}：{why}。"),
    "audit.loosen_field": ("Ask no longer for {what}: {why}.", "不再要求填写 {what}：{why}。"),
    "option.audit_at": ("Audit as of this day; now unless told.", "审计截至的日期；默认现在。"),
    "option.audit_weeks": ("Weeks that are audited.", "审计的周数。"),
    "option.audit_to": ("Folder for the policies of the proposals.", "存放各项建议对应制度的文件夹。"),
    "option.mapping": ("Name of a mapping, or a YAML file.", "映射的名称，或 YAML 文件。"),
    "option.import_to": (
        "The store: a SQLite file, made if it is not there, or a database URL.",
        "存储：SQLite 文件（不存在则新建）或数据库地址。",
    ),
    "option.exported_at": (
        "When the files were taken, such as 2024-02-01; what is later in them is left out.",
        "文件导出的时间，如 2024-02-01；晚于此时间的内容会略去。",
    ),
    "option.aside": ("Write rows that were repaired or set aside to this CSV file.", "把修正和搁置的行写入此 CSV 文件。"),
    "option.score_at": (
        "Instant of the scores, such as 2024-01-15 (the end of that day) or 2024-01-15T09:00; if not stated, now.",
        "评分时刻，如 2024-01-15（当日结束）或 2024-01-15T09:00；不写则为现在。",
    ),
    "option.records": (
        "Write what was recorded as CSV files into this folder, ready for rehearse import --mapping rehearse.",
        "把所记录的内容写成 CSV 文件放入此文件夹，可用 rehearse import --mapping rehearse 导入。",
    ),
    "option.xlsx": ("Write the scores as an Excel workbook.", "把评分写成 Excel 工作簿。"),
    "option.only_score": (
        "Show one score alone, by its id, with its formula, intervals and reasons.",
        "只显示某一项评分（写其编号），含公式、区间和理由。",
    ),
    "option.benchmark": (
        "YAML file with the industry's share of opportunities that go on from each stage, for S11.",
        "行业各阶段推进率的 YAML 文件，用于 S11。",
    ),
    "import.stopped": (
        "Stopped. Nothing was stored; import again to start anew.",
        "已停止，未存储任何内容；重新导入即可从头开始。",
    ),
    "progress.reading": ("Reading", "读取中"),
    "progress.storing": ("Storing", "存储中"),
    "import.table": ("table", "数据表"),
    "import.set_aside": ("set aside", "搁置"),
    "import.vanished": (
        "Records of earlier exports that are no longer in the files: {count}. They stay as they are: {titles}.",
        "此前导出中的 {count} 条记录已不在文件中，保持原状：{titles}。",
    ),
    "import.more": (" and {count} more", " 等，另有 {count} 条"),
    "import.what": ("what was done, and why", "做了什么，为什么"),
    "import.done": ("repair", "修正"),
    "import.events": (
        "{accepted} events are new in the store, {repeated} were there already.",
        "存储新增 {accepted} 个事件，{repeated} 个此前已有。",
    ),
    "import.units": (
        "{units} of the new events come from no row: they register the owners that the rows name.",
        "新事件中有 {units} 个不来自任何行：它们登记各行所写的负责人。",
    ),
    "import.unused": ("{table}: columns that the mapping does not use: {columns}", "{table}：映射未使用的列：{columns}"),
    "import.file": ("file", "文件"),
    "import.row": ("row", "行"),
    "import.column": ("column", "列"),
    "import.found": ("found", "原值"),
    "score.worst": ("The {shown} least healthy of {all} open opportunities", "{all} 个进行中商机里健康度最低的 {shown} 个"),
    "score.others": ("The worst number of every other score", "其余各项评分中最差的一项"),
    "score.which": ("score", "评分"),
    "score.id": ("opportunity", "商机"),
    "score.health": ("S1", "S1"),
    "score.win": ("won within {days} d", "{days} 天内赢单"),
    "score.why": ("because", "原因"),
    "score.of": ("of", "对象"),
    "score.value": ("value", "数值"),
    "score.interval": ("90 % interval", "90% 区间"),
    "score.cases": ("cases", "个案数"),
    "score.shown": ("{shown} of {all}, the worst first", "共 {all} 项，最差的 {shown} 项"),
    "score.none": ("The record holds nothing that this score could be told of.", "记录中没有可供此项评分的内容。"),
    "score.healthy": ("healthy", "健康"),
    "score.alarm": ("alarm", "预警"),
    "error.score": ("there is no score {name}; known are {known}", "没有评分 {name}；可用的有 {known}"),
    "error.not_an_instant": (
        "'{value}' is no instant; write it as 2024-01-15 or 2024-01-15T09:00",
        "“{value}”不是时刻，请写成 2024-01-15 或 2024-01-15T09:00",
    ),
    "error.benchmark": (
        "{file}: a benchmark maps each stage, from 1, to a share above 0, such as {{1: 60%, 2: 35%}}",
        "{file}：基准须为各阶段（从 1 起）到推进率（大于 0）的映射，如 {{1: 60%, 2: 35%}}",
    ),
}
