// The board's sheet: ticks its countdowns, keeps what is typed, listens, shows plots, and reports taps and forms; it is brought up to
// date every minute, more often while something is worked out. A tap that finds no server is kept and sent when it is there again.
(() => {
  const KEPT = "rehearse-board-", UNSENT = "rehearse-unsent", REFRESH_MS = 60000, TRY_AGAIN_MS = 15000;
  const LATER = ["tap", "done", "explain"];  // what is as true later as now
  const keeper = plotKeeper(), words = site.told.words;
  let behind = site.told.now - Date.now(), hearing = null, refreshing = null, resending = null, waiting = false, page = site.told.page, loading = null;
  const sheet = () => document.getElementById("sheet");

  function ago(milliseconds) {
    const minutes = Math.floor(Math.abs(milliseconds) / 60000), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
    const span = days >= 2 ? words.days.replace("{d}", days).replace("{h}", hours % 24)
      : hours >= 1 ? words.hours.replace("{h}", hours).replace("{m}", minutes % 60)
      : words.minutes.replace("{m}", minutes).replace("{s}", Math.floor(Math.abs(milliseconds) / 1000) % 60);
    return (milliseconds < 0 ? words.late : words.left).replace("{span}", span);
  }
  function tick() {
    if (site.over) return;
    const now = Date.now() + behind;
    for (const each of sheet().querySelectorAll("[data-due]")) {
      const left = Number(each.dataset.due) - now, text = ago(left);
      if (each.textContent !== text) each.textContent = text;
      each.className = `due ${left < 0 ? "late" : left < 4 * 3600000 ? "soon" : ""}`;
    }
  }
  function drawn() {
    const told = sheet().dataset;
    behind = Number(told.now) - Date.now();
    for (const field of sheet().querySelectorAll("[data-keep]")) {
      const kept = sessionStorage.getItem(KEPT + field.dataset.keep);
      if (kept !== null) field.value = kept;
    }
    plots();
    const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
    for (const each of sheet().querySelectorAll("[data-speak]")) each.hidden = !Recognition;
    for (const each of sheet().querySelectorAll("[data-no-speech]")) each.hidden = !!Recognition;
    tick();
    clearTimeout(refreshing);
    refreshing = setTimeout(refresh, Number(told.again) || REFRESH_MS);
  }
  async function plots() {
    const told = sheet().querySelector("script[data-plots]");
    if (!told) { keeper.clear(); return; }
    loading ??= new Promise((done, failed) => {
      const script = Object.assign(document.createElement("script"), { src: site.told.bokeh, onload: done, onerror: failed });
      document.head.append(script);
    });
    await loading;
    if (told.isConnected) keeper.show(sheet(), told.textContent);
  }
  function typing() {
    const active = document.activeElement;
    return !!hearing || (active && sheet().contains(active) && active.matches("input, textarea, select"));
  }
  function show(html, asked) {
    const place = { top: scrollY, focus: focused() };
    sheet().outerHTML = html;
    drawn();
    scrollTo(0, place.top);
    if (asked) told(place.focus); else refocus(place.focus);
  }
  function focused() {
    const active = document.activeElement;
    if (!active || !sheet().contains(active)) return null;
    const of = (each) => each.tagName + JSON.stringify({ ...each.dataset });
    return { of, as: of(active) };
  }
  function refocus(focus) {
    if (!focus) return;
    const same = [...sheet().querySelectorAll("a, button, input, select, textarea, summary")].find((each) => focus.of(each) === focus.as);
    if (same) same.focus({ preventScroll: true });
  }
  // What became of a tap is told at the top: whoever taps by keyboard goes on from there, unless what was tapped is still there.
  function told(focus) {
    refocus(focus);
    const said = sheet().querySelector(".callout[role=status], .callout[role=alert]");
    if (!said) return;
    if (document.activeElement === document.body) { said.tabIndex = -1; said.focus({ preventScroll: true }); }
    if (said.getBoundingClientRect().top < 0) said.scrollIntoView({ block: "center" });
  }
  async function refresh() {
    clearTimeout(refreshing);
    if (site.over) return;
    if (typing()) { waiting = true; refreshing = setTimeout(refresh, REFRESH_MS); return; }
    waiting = false;
    const before = sheet(), answer = await site.part("/board/sheet" + location.search, { headers: { "x-page": page } });
    if (answer && answer.ok) {
      const html = await answer.text();
      site.away("");
      if (before === sheet() && !typing()) { show(html, false); send_kept(); return; }
    }
    if (site.over) return;
    refreshing = setTimeout(refresh, answer ? REFRESH_MS : TRY_AGAIN_MS);
  }
  const post = (tap) => site.part("/board" + location.search, {
    method: "POST", body: JSON.stringify(tap), headers: { "content-type": "application/json", "x-page": page },
  });
  async function send(tap) {
    const buttons = [...sheet().querySelectorAll("button")];
    sheet().setAttribute("aria-busy", "true");
    for (const button of buttons) button.disabled = true;
    const answer = await post(tap);
    for (const button of buttons) button.disabled = false;
    sheet().removeAttribute("aria-busy");
    if (answer) { site.away(""); await took(answer, true); return; }
    if (site.over) return;
    if (!LATER.includes(tap.do)) { site.lost(); return; }
    keep_tap({ ...tap, at: String(Date.now() + behind), once: crypto.randomUUID?.() ?? `${Date.now()}-${Math.random()}` });
  }
  async function took(answer, asked) {
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      site.away(problem[document.documentElement.lang.slice(0, 2)] || words.lost, words.lost_again);
      return;
    }
    for (const name of JSON.parse(answer.headers.get("x-forget") || "[]")) sessionStorage.removeItem(KEPT + name);
    show(await answer.text(), asked);
  }
  const unsent = () => JSON.parse(localStorage.getItem(UNSENT) || "[]");
  function keep_tap(tap) {
    localStorage.setItem(UNSENT, JSON.stringify([...unsent(), { who: site.told.who, tap }]));
    site.away(words.kept.replace("{number}", unsent().length));
    resend();
  }
  function resend() {
    clearTimeout(resending);
    resending = setTimeout(send_kept, TRY_AGAIN_MS);
  }
  let sending = false;
  async function send_kept() {
    const own = () => unsent().filter((each) => each.who === site.told.who);
    if (sending || site.over || !own().length) return;
    sending = true;
    const [each] = own();
    const answer = await post(each.tap);
    if (!answer) { sending = false; resend(); return; }
    localStorage.setItem(UNSENT, JSON.stringify(unsent().filter((other) => other.tap.once !== each.tap.once)));
    await took(answer, false);
    sending = false;
    if (own().length) { send_kept(); return; }
    site.away(words.sent_later);
  }
  function dictate(button) {
    if (hearing) { hearing.stop(); return; }
    const field = button.form.elements[button.dataset.speak], label = button.textContent;
    hearing = new (window.SpeechRecognition || window.webkitSpeechRecognition)();
    hearing.lang = button.dataset.tongue;
    hearing.continuous = true;
    hearing.onresult = (event) => {
      for (let each = event.resultIndex; each < event.results.length; each += 1) {
        if (event.results[each].isFinal) field.value += event.results[each][0].transcript;
      }
      field.dispatchEvent(new Event("input", { bubbles: true }));
    };
    hearing.onend = () => { hearing = null; button.textContent = label; };
    button.textContent = button.dataset.stop;
    field.focus();
    hearing.start();
  }
  document.addEventListener("click", (event) => {
    const speaking = event.target.closest("[data-speak]");
    if (speaking) { event.preventDefault(); dictate(speaking); return; }
    const tapped = event.target.closest("[data-do]");
    if (tapped && tapped.tagName === "BUTTON") { event.preventDefault(); send({ ...tapped.dataset }); }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.do) return;
    event.preventDefault();
    const pressed = event.submitter && event.submitter.name ? { [event.submitter.name]: event.submitter.value } : {};
    const fields = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, String(value)]));
    send({ ...event.target.dataset, fields: { ...fields, ...pressed } });
  });
  document.addEventListener("input", (event) => {
    if (event.target.dataset.keep) sessionStorage.setItem(KEPT + event.target.dataset.keep, event.target.value);
  });
  document.addEventListener("focusout", () => { if (waiting) setTimeout(() => { if (waiting && !typing()) refresh(); }, 200); });
  addEventListener("online", () => { send_kept(); refresh(); });
  setInterval(tick, 1000);
  drawn();
  send_kept();
})();
