// The board: countdowns tick, notes are dictated, and a tap that finds no server is kept in this browser and sent later.
(() => {
  const UNSENT = "rehearse-unsent", TRY_AGAIN_MS = 15000, LATER = ["tap", "done", "explain"];  // what is as true later as now
  const words = site.told.words;
  let behind = 0, hearing = null, resending = null, sending = false;

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
    for (const each of document.querySelectorAll("[data-due]")) {
      const left = Number(each.dataset.due) - now, text = ago(left);
      if (each.textContent !== text) each.textContent = text;
      each.className = `due ${left < 0 ? "late" : left < 4 * 3600000 ? "soon" : ""}`;
    }
  }
  sheet.after.push((root) => {
    behind = Number(root.dataset.now) - Date.now();
    const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
    for (const each of root.querySelectorAll("[data-speak]")) each.hidden = !Recognition;
    for (const each of root.querySelectorAll("[data-no-speech]")) each.hidden = !!Recognition;
    tick();
  });
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
    hearing.onend = () => { hearing = null; button.textContent = label; delete sheet.element().dataset.hold; };
    button.textContent = button.dataset.stop;
    sheet.element().dataset.hold = "1";
    field.focus();
    hearing.start();
  }
  const number = () => [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const unsent = () => JSON.parse(localStorage.getItem(UNSENT) || "[]");
  const own = () => unsent().filter((each) => each.who === site.told.who);
  sheet.unheard = (tap) => {
    if (!LATER.includes(tap.do)) return false;
    const kept = { ...tap, at: String(Math.round(Date.now() + behind)), once: number() };
    localStorage.setItem(UNSENT, JSON.stringify([...unsent(), { who: site.told.who, tap: kept }]));
    site.away(words.kept.replace("{number}", own().length));
    later();
    return true;
  };
  function later() {
    clearTimeout(resending);
    resending = setTimeout(send_kept, TRY_AGAIN_MS);
  }
  // All that was kept, the first first; why one could not be done stands there until the page is left, whatever came after it.
  async function send_kept() {
    const refused = [];
    if (sending) return;
    sending = true;
    for (let [each] = own(); each && !site.over; [each] = own()) {
      const answer = await sheet.post(each.tap);
      if (!answer || answer.status >= 500) { later(); break; }
      localStorage.setItem(UNSENT, JSON.stringify(unsent().filter((other) => other.tap.once !== each.tap.once)));
      await sheet.took(answer, false);
      refused.push(sheet.element()?.querySelector(".head + .callout.worse")?.outerHTML);
      if (answer.ok && !own().length) site.away(words.sent_later);
    }
    sending = false;
    sheet.element()?.querySelector(".head")?.insertAdjacentHTML("afterend", [...new Set(refused.slice(0, -1))].join(""));
  }
  document.addEventListener("click", (event) => {
    const speaking = event.target.closest("[data-speak]");
    if (speaking) { event.preventDefault(); dictate(speaking); }
  });
  // A deal that is dragged to another stage is moved there by the same tap as by its button.
  let dragged = null;
  const column = (event) => dragged && event.target.closest?.("[data-drop]");
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.("[data-drag]");
    if (dragged) { event.dataTransfer.setData("text/plain", dragged.dataset.drag); sheet.element().dataset.hold = "1"; }
  });
  document.addEventListener("dragend", () => { dragged = null; delete sheet.element().dataset.hold; });
  for (const [name, over] of [["dragover", true], ["dragleave", false]]) {
    document.addEventListener(name, (event) => {
      const place = column(event);
      if (place) { event.preventDefault(); place.classList.toggle("over", over); }
    });
  }
  document.addEventListener("drop", (event) => {
    const place = column(event);
    if (!place) return;
    event.preventDefault();
    place.classList.remove("over");
    if (!place.contains(dragged)) sheet.send({ do: place.dataset.drop, record: dragged.dataset.drag, value: place.dataset.value });
  });
  addEventListener("online", send_kept);
  addEventListener("DOMContentLoaded", send_kept);
  setInterval(tick, 1000);
})();
