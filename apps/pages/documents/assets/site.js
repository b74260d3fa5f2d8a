// What every document does: forms carry their session's token, choices in forms of the address apply at once, a lost server is told.
const TOLD = JSON.parse(document.getElementById("told").textContent);

const site = {
  told: TOLD,
  token: document.querySelector("meta[name=form-token]").content,
  rights: document.querySelector("meta[name=rights]").content,
  // Say something at the foot of the page until it is no longer so; nothing takes it away.
  away(words, link) {
    const place = document.getElementById("away");
    if (!words) { place.replaceChildren(); return; }
    const told = document.createElement("p");
    told.textContent = words + " ";
    if (link) {
      const again = document.createElement("a");
      again.href = location.href;
      again.textContent = link;
      told.append(again);
    }
    place.replaceChildren(told);
  },
  lost() { site.away(TOLD.words.lost, TOLD.words.lost_again); site.isLost = true; },
  found() { if (site.isLost) { site.away(""); site.isLost = false; } },
  headers: () => ({ "x-part": "1", "x-form-token": site.token, "x-rights": site.rights }),
  // Ask this server for a part of a page; null where it cannot be reached, or where the page is over.
  async part(url, options = {}) {
    let answer;
    try {
      answer = await fetch(url, { ...options, headers: { ...site.headers(), ...options.headers } });
    } catch {
      return null;
    }
    if ([502, 503, 504].includes(answer.status)) return null;  // said by a proxy while the server is away
    if (answer.status !== 401 && answer.status !== 409) return answer;
    site.end(answer.status === 401 ? "ended" : "changed");
    return null;
  },
  over: false,
  // The session has ended, or its person has other rights by now: nothing of what was shown stays.
  end(fate) {
    if (site.over) return;
    site.over = true;
    const here = location.pathname.slice(1) + location.search, words = TOLD.words;
    const title = Object.assign(document.createElement("h1"), { textContent: words[fate] });
    const lead = Object.assign(document.createElement("p"), { className: "lead", textContent: words[`${fate}_lead`] });
    const onward = Object.assign(document.createElement("a"), { textContent: words[`${fate}_onward`] });
    onward.href = fate === "ended" ? "/?next=" + encodeURIComponent(here) : "/" + here;
    lead.setAttribute("role", "alert");
    document.querySelector("header.top").remove();
    document.getElementById("main").replaceChildren(title, lead, onward);
    document.getElementById("told").remove();
    site.away("");
    document.title = words[fate];
  },
};

const SEEN_MS = 4000, UNSEEN_MS = 20000, news = new BroadcastChannel("rehearse");
let looking = null;
async function look() {
  clearTimeout(looking);
  const answer = await site.part("/session");
  if (site.over) return;
  if (!answer) { if (!document.getElementById("away").hasChildNodes()) site.lost(); }
  else site.found();
  looking = setTimeout(look, document.hidden ? UNSEEN_MS : SEEN_MS);
}
looking = setTimeout(look, SEEN_MS);
document.addEventListener("visibilitychange", () => { if (!site.over) look(); });
news.onmessage = () => { if (!site.over) look(); };
addEventListener("pagehide", () => { if (document.activeElement?.matches("a[href^='/sign-out']")) news.postMessage("left"); });

document.body.addEventListener("htmx:configRequest", (event) => Object.assign(event.detail.headers, site.headers()));
document.body.addEventListener("htmx:responseError", ({ detail }) => {
  const fate = { 401: "ended", 409: "changed" }[detail.xhr.status];
  if (fate) site.end(fate);
});
document.body.addEventListener("htmx:sendError", site.lost);
document.body.addEventListener("htmx:afterOnLoad", site.found);
document.addEventListener("change", (event) => {
  if (event.target.closest("form[data-at-once]")) event.target.form.requestSubmit();
});
// After the way back a choice shows what the address says, not what was chosen when the page was left.
addEventListener("pageshow", () => { for (const form of document.querySelectorAll("form[data-at-once]")) form.reset(); });
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) { menu.open = false; menu.querySelector("summary").focus(); }
});
