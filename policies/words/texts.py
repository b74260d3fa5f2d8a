"""Every sentence and label that the policy documents show a person, in English and Chinese."""

PHRASES = {
    "en": {
        "place": "{file}, line {line}, {field}: ",
        "no_line": "{file}, {field}: ",
        "allowed": "; allowed: {}",
        "nearest": "; did you mean {}?",
        "stop": ".",
    },
    "zh": {
        "place": "{file} 第 {line} 行，{field}：",
        "no_line": "{file}，{field}：",
        "allowed": "；可用：{}",
        "nearest": "；是否想写 {}？",
        "stop": "。",
    },
}

ALLOWED = {
    "@duration": {"en": "a number with min, h, d, w, bd or bh, such as 15d", "zh": "数字加 min、h、d、w、bd 或 bh，例如 15d"},
    "@ten_years": {"en": "up to ten years", "zh": "十年以内"},
    "@whole_business_days": {"en": "whole business days, such as 3bd", "zh": "整数个工作日，例如 3bd"},
    "@condition": {
        "en": "a mapping of field to comparison, such as {status: open}",
        "zh": "字段到比较的映射，例如 {status: open}",
    },
    "@conditions": {"en": "a list of conditions", "zh": "条件列表"},
    "@since_and_after": {
        "en": "`since` with the field that starts the clock and `after` with the time to wait",
        "zh": "用 `since` 写计时起点的字段，用 `after` 写等待时间",
    },
    "@equal_or_not": {"en": "a name, != and a name, or a list of names", "zh": "名称、!= 加名称，或名称列表"},
    "@field_of_its_type": {
        "en": "another field of the same kind, e.g. > field NAME",
        "zh": "同类内容的另一字段，例如 > field 字段名",
    },
    "@braces": {
        "en": "names in braces such as {record}, and {{ }} for braces themselves",
        "zh": "大括号中的名称，例如 {record}；大括号本身写作 {{ }}",
    },
    "@number": {"en": "a number", "zh": "数字"},
    "@whole_number": {"en": "a whole number", "zh": "整数"},
    "@share": {"en": "a share such as 20% or 0.2", "zh": "比例，例如 20% 或 0.2"},
    "@three_parts": {
        "en": "0 for no programme, or a multiple of 3 from 9 to 84, such as 21",
        "zh": "0 表示没有计划，或 9 至 84 之间 3 的倍数，例如 21",
    },
    "@yes_or_no": {"en": "true or false", "zh": "true 或 false"},
    "@text": {"en": "text", "zh": "文字"},
    "@list": {"en": "a list", "zh": "列表"},
    "@mapping": {"en": "a mapping of names to values", "zh": "名称到值的映射"},
    "@clock_time": {"en": "a time of day such as 22:00", "zh": "一天中的时刻，例如 22:00"},
    "@zone": {"en": "a time zone such as Europe/Berlin", "zh": "时区，例如 Europe/Berlin"},
    "@country": {"en": "a country by its two letters, such as DE", "zh": "两位国家代码，例如 DE"},
    "@hours": {
        "en": "spans in their order, such as [['09:00', '12:00'], ['13:30', '18:00']]",
        "zh": "按先后排列的时段，例如 [['09:00', '12:00'], ['13:30', '18:00']]",
    },
    "@weekdays": {"en": "days of the week, such as [saturday, sunday]", "zh": "星期，例如 [saturday, sunday]"},
    "@dates": {"en": "days such as [2026-05-04]", "zh": "日期，例如 [2026-05-04]"},
    "@since": {"en": "a field, or {latest: [field, field]}", "zh": "字段，或 {latest: [字段, 字段]}"},
    "@effects": {
        "en": "a list of effects, such as [freeze, {notify: manager}]",
        "zh": "效果列表，例如 [freeze, {notify: manager}]",
    },
    "@one_trigger": {
        "en": "exactly one of `since` (timed), `every` (periodic) and `before` (gate)",
        "zh": "`since`（计时）、`every`（周期）、`before`（关卡）三者必选且只选其一",
    },
    "@file": {"en": "a name of the library or a path to a YAML file", "zh": "库中的名称或 YAML 文件路径"},
    "@no_such_key": {"en": "leave it out", "zh": "删去此项"},
    "@field_name": {"en": "small letters, digits and _ , starting with a letter", "zh": "小写字母、数字和 _，以字母开头"},
    "@another_name": {"en": "another name", "zh": "另取名称"},
    "@choices": {"en": "`choices` with a name for each choice", "zh": "`choices`：逐项写出选项名称"},
    "@a_link": {"en": "a link to this kind, declared under `links`", "zh": "在 `links` 中声明指向本类型的链接"},
    "@a_number_field": {"en": "a field that is a number, an amount of money or a share", "zh": "数字、金额或比例字段"},
    "@no_circle": {"en": "counts that do not depend on each other", "zh": "互不依赖的统计"},
    "@unit_or_routing": {
        "en": "the name of a unit or person, or routing for whom the policy's routing chooses",
        "zh": "单位或人员名称，或用 routing 表示按制度的分配方式",
    },
    "@title": {
        "en": "a title in both languages: {en: ..., zh: ...}, each of at most 200 characters",
        "zh": "中英文标题：{en: ..., zh: ...}，各不超过 200 字",
    },
    "@identifier": {"en": "small letters, digits and -, _ , starting with a letter", "zh": "小写字母、数字和 -、_，以字母开头"},
}

FAULTS = {
    # durations and amounts
    "not_a_duration": {"en": "'{found}' is not a duration", "zh": "“{found}”不是时长"},
    "too_long_a_duration": {"en": "'{found}' is longer than ten years", "zh": "“{found}”超过十年"},
    "part_of_a_business_day": {"en": "'{found}' is part of a business day", "zh": "“{found}”不是整数个工作日"},
    "not_a_share": {
        "en": "'{found}' is a percentage, but {about} is not a share",
        "zh": "“{found}”是百分比，而 {about} 不是比例",
    },
    "share_without_sign": {
        "en": "{about} is a share, and '{found}' without a percent sign is {found} times the whole",
        "zh": "{about} 是比例，“{found}”不带百分号表示整体的 {found} 倍",
    },
    "share_above_whole": {
        "en": "{about} is never above 100%, so '{found}' makes no sense",
        "zh": "{about} 不会超过 100%，“{found}”没有意义",
    },
    "not_a_number": {"en": "'{found}' is not a number", "zh": "“{found}”不是数字"},
    "not_a_clock_time": {"en": "'{found}' is not a time of day", "zh": "“{found}”不是时刻"},
    "not_a_flag": {"en": "{about} is yes or no, not '{found}'", "zh": "{about} 只能为是或否，不能是“{found}”"},
    "out_of_bounds": {"en": "{found} is out of bounds", "zh": "{found} 超出范围"},
    "not_in_three_parts": {
        "en": "{found} days do not make three equal parts of at least three days",
        "zh": "{found} 天无法等分为三段、每段至少三天",
    },
    # names
    "unknown_key": {"en": "there is no setting '{found}' here", "zh": "此处没有名为“{found}”的设置"},
    "missing_key": {"en": "'{found}' is missing; add it", "zh": "缺少“{found}”，请补上"},
    "unknown_name": {"en": "'{found}' is not one of the names allowed here", "zh": "“{found}”不在可用名称之列"},
    "unknown_field": {"en": "there is no field '{found}' on record kind {about}", "zh": "记录类型 {about} 没有字段“{found}”"},
    "unknown_choice": {"en": "{about} cannot be '{found}'", "zh": "{about} 不能为“{found}”"},
    "bad_identifier": {"en": "'{found}' cannot be used as a name", "zh": "“{found}”不能用作名称"},
    "wrong_type": {"en": "'{found}' does not fit here", "zh": "“{found}”不适用于此处"},
    # conditions
    "not_a_condition": {"en": "'{found}' is not a condition", "zh": "“{found}”不是条件"},
    "not_a_list_of_conditions": {"en": "'{found}' is not a list of conditions", "zh": "“{found}”不是条件列表"},
    "time_in_when": {
        "en": "`when` never mentions the passing of time, but found '{found}'",
        "zh": "`when` 不得提及时间的流逝，却写了“{found}”",
    },
    "derived_in_timed_rule": {
        "en": "'{found}' changes by the passing of time and is known to periodic rules and gates only",
        "zh": "“{found}”随时间流逝自行变化，只能用于周期规则和关卡",
    },
    "only_missing_or_present": {
        "en": "{about} can only be missing or present, or be compared with another field, not with '{found}'",
        "zh": "{about} 只能判断缺失或已有，或与另一字段比较，不能与“{found}”比较",
    },
    "repeats_at_once": {
        "en": "a repetition takes time, not '{found}'",
        "zh": "重复触发之间须有间隔，不能为“{found}”",
    },
    "bad_braces": {
        "en": "the braces in '{found}' do not hold a plain name",
        "zh": "“{found}”中的大括号里不是单纯的名称",
    },
    "cannot_be_said": {
        "en": "'{found}' cannot stand in a message about {about}: there is no such field, or it is a private figure",
        "zh": "“{found}”不能用在关于 {about} 的消息中：没有该字段，或属于私密数字",
    },
    "fields_unlike": {
        "en": "{about} cannot be compared with '{found}', which holds something else",
        "zh": "{about} 不能与“{found}”比较，两者内容类型不同",
    },
    "order_of_names": {
        "en": "{about} has no order, so '{found}' says nothing",
        "zh": "{about} 没有大小之分，“{found}”没有意义",
    },
    # kinds of the firm's own
    "only_counts": {
        "en": "{about} is a kind that is always there: '{found}' cannot be declared for it",
        "zh": "{about} 是内置类型，不能声明“{found}”",
    },
    "name_taken": {"en": "{about} already has '{found}'", "zh": "{about} 已有“{found}”"},
    "no_choices": {"en": "the choice '{about}' has no choices", "zh": "选项字段“{about}”没有选项"},
    "choices_of_none": {"en": "'{about}' has choices, but its type is {found}", "zh": "“{about}”的类型是 {found}，不能有选项"},
    "unknown_kind": {"en": "there is no kind of record '{found}' here", "zh": "此处没有记录类型“{found}”"},
    "not_linked": {"en": "'{found}' is no link of {about} to this kind", "zh": "“{found}”不是 {about} 指向本类型的链接"},
    "not_summable": {"en": "'{found}' of {about} cannot be added up", "zh": "{about} 的“{found}”不能求和"},
    "unknown_part": {"en": "{about} has no part '{found}' in the office", "zh": "{about} 在模拟办公室中没有“{found}”这一部分"},
    "played_twice": {"en": "'{about}' plays '{found}' already", "zh": "“{about}”已对应“{found}”"},
    "plays_otherwise": {
        "en": "'{about}' cannot play '{found}', which is of another type", "zh": "“{about}”的类型与“{found}”不符",
    },
    "counts_in_circle": {"en": "these counts depend on each other: {found}", "zh": "这些统计相互依赖：{found}"},
    # rules
    "not_a_since": {"en": "'{found}' does not say where the clock starts", "zh": "“{found}”没有说明计时起点"},
    "since_never_moves": {
        "en": "no recorded event moves '{found}' of record kind {about}, so the clock would never start",
        "zh": "没有任何记录事件会更新 {about} 的“{found}”，计时永远不会开始",
    },
    "trigger": {
        "en": "a rule needs one thing that sets it off, found {found}",
        "zh": "规则需要且只需要一个触发方式，当前为 {found}",
    },
    "needs_since": {"en": "'{about}' belongs to rules with `since`", "zh": "“{about}”只用于带 `since` 的规则"},
    "needs_every": {"en": "'{about}' belongs to rules with `every`", "zh": "“{about}”只用于带 `every` 的规则"},
    "not_effects": {"en": "'{found}' is not a list of effects", "zh": "“{found}”不是效果列表"},
    "no_effect": {"en": "the rule does nothing", "zh": "规则没有任何效果"},
    "effect_in_gate": {
        "en": "a gate refuses and does nothing else, but `then` has {found}; for what follows write a rule with `since`",
        "zh": "关卡只负责拒绝，而 `then` 写了 {found}；如需后续动作，请另写带 `since` 的规则",
    },
    "unknown_effect": {"en": "there is no effect '{found}'", "zh": "没有名为“{found}”的效果"},
    "effect_needs_value": {"en": "the effect '{about}' needs a value", "zh": "效果“{about}”需要一个值"},
    "effect_takes_no_value": {
        "en": "the effect '{about}' takes no value, found '{found}'",
        "zh": "效果“{about}”不带值，却写了“{found}”",
    },
    "effect_not_on_kind": {"en": "'{found}' does not work on record kind {about}", "zh": "“{found}”不适用于记录类型 {about}"},
    "cannot_rest_on": {
        "en": "a clock cannot rest on '{found}' of {about}: it changes without an entry of its own",
        "zh": "不能以 {about} 的“{found}”停止计时：它的变化没有单独的记录",
    },
    "rests_on_nothing": {"en": "it does not say when the clock rests", "zh": "没有说明何时停止计时"},
    "until_of_nothing": {
        "en": "the rule opens no to-do and no flag that could end",
        "zh": "该规则没有会结束的待办或预警",
    },
    "not_a_title": {"en": "'{found}' is no title of a to-do", "zh": "“{found}”不是待办标题"},
    "todo_twice": {
        "en": "the rule has another to-do for {found}, which would be the same one: keep one of them",
        "zh": "该规则已有给 {found} 的另一待办，两者会成为同一个：请保留其一",
    },
    "cannot_be_set": {"en": "a rule cannot set '{found}'", "zh": "规则不能设置“{found}”"},
    "cannot_be_required": {"en": "nobody can be asked to record '{found}'", "zh": "不能要求任何人填写“{found}”"},
    # whole documents
    "no_such_file": {"en": "there is no file '{found}'", "zh": "没有文件“{found}”"},
    "no_such_policy": {"en": "there is no policy '{found}'", "zh": "没有名为“{found}”的制度"},
    "more_than": {"en": "{found} are more than there are {about}", "zh": "{found} 多于 {about} 的数量"},
    "not_above": {
        "en": "'{found}' is not a step listed above this one: only such steps can come before it",
        "zh": "“{found}”不是列在本步骤之前的步骤：只有列在前面的步骤才能作为前序",
    },
    "of_milestones": {
        "en": "{found} {about} on a task: payments and deliverables hang on milestones, which a customer accepts",
        "zh": "任务上不能有 {about}（{found}）：付款与交付物只能挂在由客户验收的里程碑上",
    },
    "payments_sum": {
        "en": "the payments of all steps add up to {found} of the contract's sum",
        "zh": "各步骤付款之和为合同金额的 {found}",
    },
    "listed_twice": {"en": "'{found}' is listed twice; name it once", "zh": "“{found}”列了两次，只列一次即可"},
    "no_such_scenario": {"en": "there is no scenario '{found}'", "zh": "没有名为“{found}”的场景"},
    "not_yaml": {"en": "the file is not YAML: {found}", "zh": "文件不是 YAML:{found}"},
    "too_long": {"en": "the document has {found} characters", "zh": "文档有 {found} 个字符"},
    "too_deep": {"en": "it is nested too deep", "zh": "嵌套过深"},
    "too_many_values": {"en": "the document holds {found} values or more", "zh": "文档含有 {found} 个或更多的值"},
    "not_a_document": {"en": "the file holds no policy document", "zh": "文件中没有制度文档"},
    "extends_itself": {"en": "the policy extends itself: {found}", "zh": "制度继承了自身：{found}"},
    "unknown_rule": {"en": "there is no rule '{found}' to drop", "zh": "没有可去掉的规则“{found}”"},
    "no_such_setting": {"en": "there is no setting '{found}'", "zh": "没有名为“{found}”的设置"},
    "duplicate_id": {
        "en": "the name '{found}' is used twice; give one of them another", "zh": "名称“{found}”使用了两次，请改其一",
    },
    "unknown_unit": {
        "en": "the rule '{about}' exempts '{found}', and no unit or person in the store has that name: nobody is exempt by it",
        "zh": "规则“{about}”豁免“{found}”，但存储中没有该名称的单位或人员，因此无人因此获得豁免",
    },
    "unknown_calendar": {
        "en": "'{found}' has a calendar, and no unit or person in the store has that name: nobody goes by it",
        "zh": "为“{found}”设置了日历，但存储中没有该名称的单位或人员，因此无人使用",
    },
    "not_in_calendar": {
        "en": "'{found}' is no {about} of a calendar",
        "zh": "“{found}”不能作为日历的 {about}",
    },
    "unknown_owner": {
        "en": "the rule '{about}' gives records to '{found}', and no unit or person in the store has that name: they stay "
        "where they are",
        "zh": "规则“{about}”把记录转给“{found}”，但存储中没有该名称的单位或人员，记录将留在原处",
    },
    "too_many_rules": {"en": "{found} rules are too many", "zh": "{found} 条规则过多"},
    "cycle": {
        "en": "these rules can make each other due for ever with no time passing: {found}",
        "zh": "这些规则会在时间不流逝的情况下无休止地相互触发：{found}",
    },
    "no_such_step": {
        "en": "a record of the kind {about} never comes to the step '{found}': the gate can never fire",
        "zh": "{about} 类型的记录不会经过“{found}”这一步：该关卡永远不会触发",
    },
    "unreachable": {
        "en": "the rule can never fire, its `when` contradicts itself at {found}",
        "zh": "规则永远不会触发，`when` 在 {found} 处自相矛盾",
    },
    "until_always": {
        "en": "the rule can never fire: its `until` holds whenever its `when` does, see {found}",
        "zh": "规则永远不会触发：只要 `when` 成立，`until` 也成立，见 {found}",
    },
    "rests_always": {
        "en": "the rule can never fire: its clock rests whenever its `when` holds, see {found}",
        "zh": "规则永远不会触发：只要 `when` 成立，计时就停止，见 {found}",
    },
    "escalation_before_notice": {
        "en": "the escalation after {found} comes before the notice of rule '{about}'",
        "zh": "在 {found} 后的升级早于规则“{about}”的通知",
    },
    "never_recorded": {
        "en": "nothing records '{found}' on record kind {about}",
        "zh": "没有任何事件会记录 {about} 的“{found}”",
    },
    "no_such_stage": {
        "en": "the rule speaks of stage {found}, which the policy does not have",
        "zh": "规则写到第 {found} 阶段，而制度中没有该阶段",
    },
    "never_lifted": {
        "en": "the gate waits for '{found}', which nobody can record before the step: it would refuse for ever",
        "zh": "关卡等待“{found}”，而在这一步之前没有人能填写它，因此会一直拒绝",
    },
    "never_passed": {
        "en": "what must hold at the stage '{about}' can never hold: {found}",
        "zh": "阶段“{about}”的条件永远无法满足：{found}",
    },
    "first_not_entered": {
        "en": "the first stage '{about}' is never entered from another one: leave `enter` out, or use a gate before create",
        "zh": "首个阶段“{about}”不会从其他阶段进入：请删去 `enter`，或改用新建前的关卡",
    },
    "no_text": {"en": "{about} has no text in both languages", "zh": "{about} 缺少中英文两种文字"},
    "stage_not_recordable": {
        "en": "'{found}' cannot be required to leave a stage",
        "zh": "“{found}”不能作为离开阶段的必填字段",
    },
    "work_not_from_start": {
        "en": "the first stage '{about}' begins with {found}, but every deal begins with discovery: say discovery, or nothing",
        "zh": "首个阶段“{about}”从 {found} 开始，但每笔商机都从 discovery 开始：请改为 discovery 或不写",
    },
    "work_goes_back": {
        "en": "the stage '{about}' begins with {found}, a stage before it with later work: say the same or later, or nothing",
        "zh": "阶段“{about}”从 {found} 开始，而其前的阶段已从更靠后的工作开始：请写相同或更靠后的工作，或不写",
    },
    "quiet_hours_half": {"en": "quiet hours need both a start and an end", "zh": "免打扰时段需要同时填写开始和结束"},
    "discount_order": {
        "en": "the authority of the rep ({found}) is above the highest discount",
        "zh": "销售的折扣权限（{found}）高于最高折扣",
    },
}
