"""Texts of the command that asks a CRM over the network, in English and Chinese, under one key each."""

KEY = "REHEARSE_ODOO_KEY"
"""Environment variable with the API key."""
CONNECT_TEXTS: dict[str, tuple[str, str]] = {
    "connect": ("Bring a CRM in over the network.", "联网读取 CRM。"),
    "connect.help": (
        "Bring a CRM in over the network, time and again; what the coach finds can go back into it.",
        "联网读取 CRM，可反复进行；系统的发现可写回 CRM。",
    ),
    "connect.odoo": ("Bring Odoo's CRM (19 or newer) in.", "读取 Odoo（19 或更新版本）的 CRM。"),
    "connect.odoo.help": (
        "Bring leads, opportunities, changes of stage, activities and people of the Odoo at URL into a store; the next time "
        f"only what has changed. The API key of an Odoo user is read from --key-file, or from the environment variable {KEY}.",
        "把 URL 处 Odoo 的线索、商机、阶段变更、活动和人员读入存储；下一次只读有变化的部分。"
        f"Odoo 用户的 API 密钥从 --key-file 文件或环境变量 {KEY} 读取。",
    ),
    "option.connect_to": ("The store: a SQLite file or a database URL.", "存储：SQLite 文件或数据库地址。"),
    "option.database": ("Name of the database, where the server has several.", "数据库名称（服务器有多个数据库时）。"),
    "option.key_file": ("File that holds the API key and nothing else.", "只含 API 密钥的文件。"),
    "option.write_back": (
        "Write open to-dos, notes and a tag for frozen deals to the CRM, each once.",
        "把未完成的待办、备注和冻结商机的标签写入 CRM，每项一次。",
    ),
    "option.anew": ("Read everything again, not only what has changed.", "全部重新读取，而非只读有变化的部分。"),
    "option.watch": ("Go on, and look again after so many seconds.", "持续运行，每隔这么多秒再读一次。"),
    "connect.no_key": (
        f"There is no API key. Put it into a file and name that with --key-file, or into the environment variable {KEY}.",
        f"没有 API 密钥。请把密钥存入文件并用 --key-file 指定，或放入环境变量 {KEY}。",
    ),
    "connect.written": (
        "Written back: {todos} to-dos, {notes} notes, {tags} changes of the tag for frozen deals.",
        "已写回：{todos} 项待办、{notes} 条备注、{tags} 处冻结标签变更。",
    ),
    "connect.failed": ("Trying again in {seconds} s: {why}", "{seconds} 秒后重试：{why}"),
}
