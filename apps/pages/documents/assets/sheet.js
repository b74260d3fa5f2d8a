// The sheet of a document: taps and forms with data-do are posted to where it is at, and what comes back takes its place; it is
// brought up to date every minute, more often while something is worked out, but never under somebody's hands.
const sheet = (() => {
  const REFRESH_MS = 60000, keeper = plotKeeper(), after = [];
  let refreshing = null, waiting = false, loading = null, unheard = () => false;
  const element = () => document.getElementById("sheet"), page = site.told.page || "";

  function drawn() {
    plots();
    for (const each of after) each(element());
    clearTimeout(refreshing);
    refreshing = setTimeout(refresh, Number(element().dataset.again) || REFRESH_MS);
  }
  async function plots() {
    const told = element().querySelector("script[data-plots]");
    if (!told) { keeper.clear(); return; }
    loading ??= new Promise((done, failed) => {
      document.head.append(Object.assign(document.createElement("script"), { src: site.told.bokeh, onload: done, onerror: failed }));
    });
    await loading;
    if (told.isConnected) keeper.show(element(), told.textContent);
  }
  function busy() {
    const active = document.activeElement;
    return element().dataset.hold === "1" || (active && element().contains(active) && active.matches("input, textarea, select"));
  }
  function show(html, asked, focus = focused()) {
    const top = scrollY;
    element().outerHTML = html;
    drawn();
    scrollTo(0, top);
    refocus(focus);
    if (asked) tell();
  }
  function focused() {
    const active = document.activeElement, as = (each) => each.tagName + JSON.stringify({ ...each.dataset }) + (each.id || "");
    return active && element().contains(active) ? { as, was: as(active) } : null;
  }
  function refocus(focus) {
    if (!focus) return;
    const all = [...element().querySelectorAll("a, button, input, select, textarea, summary")];
    all.find((each) => focus.as(each) === focus.was)?.focus({ preventScroll: true });
  }
  // What became of a tap is told at the top: whoever taps by keyboard goes on from there, unless what was tapped is still there.
  function tell() {
    const said = element().querySelector(".callout[role=status], .callout[role=alert]");
    if (!said) return;
    if (document.activeElement === document.body) { said.tabIndex = -1; said.focus({ preventScroll: true }); }
    if (said.getBoundingClientRect().top < 0) said.scrollIntoView({ block: "center" });
  }
  async function refresh() {
    clearTimeout(refreshing);
    if (site.over) return;
    if (busy()) { waiting = true; refreshing = setTimeout(refresh, REFRESH_MS); return; }
    waiting = false;
    const before = element(), answer = await site.part(`${before.dataset.at}/sheet${location.search}`, { headers: { "x-page": page } });
    if (site.over) return;
    if (answer && answer.ok) {
      const html = await answer.text();
      if (before === element() && !busy()) { show(html, false); return; }
    }
    refreshing = setTimeout(refresh, REFRESH_MS);
  }
  const post = (tap) => site.part(element().dataset.at + location.search, {
    method: "POST", body: JSON.stringify(tap), headers: { "content-type": "application/json", "x-page": page },
  });
  async function took(answer, asked, focus) {
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      site.away(problem[document.documentElement.lang.slice(0, 2)] || site.told.words.lost, site.told.words.lost_again);
      return;
    }
    for (const name of JSON.parse(answer.headers.get("x-forget") || "[]")) keep.forget(name);
    show(await answer.text(), asked, focus);
  }
  async function send(tap) {
    const buttons = [...element().querySelectorAll("button")], focus = focused();  // a disabled button loses it
    element().setAttribute("aria-busy", "true");
    for (const button of buttons) button.disabled = true;
    const answer = await post(tap);
    if (site.over) return;
    for (const button of buttons) button.disabled = false;
    element().removeAttribute("aria-busy");
    if (answer) { site.found(); await took(answer, true, focus); } else if (!unheard(tap)) site.lost();
  }
  // What is typed stays in this browser until it is recorded, for whoever typed it.
  const keep = {
    at: (name) => `rehearse-${site.told.who || ""}-${element().dataset.at}-${name}`,
    forget: (name) => sessionStorage.removeItem(keep.at(name)),
    fill(root) {
      for (const field of root.querySelectorAll("[data-keep]")) {
        const kept = sessionStorage.getItem(keep.at(field.dataset.keep));
        if (kept !== null) field.value = kept;
      }
    },
  };
  after.push(keep.fill);

  document.addEventListener("click", (event) => {
    const tapped = event.target.closest("[data-do]");
    if (tapped && tapped.tagName === "BUTTON") { event.preventDefault(); send({ ...tapped.dataset }); }
    const link = event.target.closest("[data-to]");
    if (link) { event.preventDefault(); document.querySelector(`[data-section="${link.dataset.to}"]`).scrollIntoView({ behavior: "smooth" }); }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.dataset.do) return;
    event.preventDefault();
    const pressed = event.submitter && event.submitter.name ? { [event.submitter.name]: event.submitter.value } : {};
    const fields = Object.fromEntries([...new FormData(event.target)].map(([name, value]) => [name, String(value)]));
    send({ ...event.target.dataset, fields: { ...fields, ...pressed } });
  });
  document.addEventListener("input", (event) => {
    if (event.target.dataset.keep) sessionStorage.setItem(keep.at(event.target.dataset.keep), event.target.value);
  });
  document.addEventListener("focusout", () => { if (waiting) setTimeout(() => { if (waiting && !busy()) refresh(); }, 200); });
  addEventListener("online", refresh);
  addEventListener("DOMContentLoaded", () => { drawn(); document.documentElement.dataset.ready = "1"; });
  return { element, after, post, send, took, refresh, set unheard(how) { unheard = how; } };
})();
