// One sheet of the board: shows HTML, ticks its countdowns, keeps what is typed, and reports taps and forms.
const KEPT = "rehearse-board-";

function ago(words, milliseconds) {
  const minutes = Math.floor(Math.abs(milliseconds) / 60000), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  const span = days >= 2 ? words.days.replace("{d}", days).replace("{h}", hours % 24)
    : hours >= 1 ? words.hours.replace("{h}", hours).replace("{m}", minutes % 60)
    : words.minutes.replace("{m}", minutes).replace("{s}", Math.floor(Math.abs(milliseconds) / 1000) % 60);
  return (milliseconds < 0 ? words.late : words.left).replace("{span}", span);
}

function fieldsOf(form) {
  return Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)]));
}

export function render({ model, el }) {
  const sheet = document.createElement("div");
  sheet.className = "sheet";
  const keeper = plotKeeper();
  let behind = 0, waiting = false, hearing = null;

  function tick() {
    const now = Date.now() + behind;
    for (const each of sheet.querySelectorAll("[data-due]")) {
      const left = Number(each.dataset.due) - now;
      const colour = left < 0 ? "late" : left < 4 * 3600000 ? "soon" : "";
      const text = ago(model.words, left);
      if (each.textContent !== text) each.textContent = text;
      each.className = `due ${colour}`;
    }
  }
  function draw() {
    const active = (sheet.getRootNode().activeElement || {}).dataset;
    if (active && active.keep && !sheet.dataset.sent) { waiting = true; return; }
    waiting = false;
    delete sheet.dataset.sent;
    sheet.lang = model.lang;
    sheet.innerHTML = model.html;
    for (const field of sheet.querySelectorAll("[data-keep]")) {
      const kept = sessionStorage.getItem(KEPT + field.dataset.keep);
      if (kept !== null) field.value = kept;
    }
    keeper.show(sheet, model.plots);
    listening();
    tick();
  }
  function listening() {
    const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
    for (const each of sheet.querySelectorAll("[data-speak]")) each.hidden = !Recognition;
    for (const each of sheet.querySelectorAll("[data-no-speech]")) each.hidden = !!Recognition;
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
  function send(message) {
    sheet.dataset.sent = "1";
    for (const button of sheet.querySelectorAll("button")) button.disabled = true;
    model.send_msg(message);
  }
  sheet.addEventListener("click", (event) => {
    const speaking = event.target.closest("[data-speak]");
    if (speaking) { event.preventDefault(); dictate(speaking); return; }
    const tapped = event.target.closest("[data-do]");
    if (tapped && tapped.tagName !== "SELECT" && tapped.tagName !== "FORM") { event.preventDefault(); send({ ...tapped.dataset }); }
  });
  sheet.addEventListener("change", (event) => {
    if (event.target.tagName === "SELECT" && event.target.dataset.do) send({ ...event.target.dataset, value: event.target.value });
  });
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    const pressed = event.submitter && event.submitter.name ? { [event.submitter.name]: event.submitter.value } : {};
    send({ ...event.target.dataset, fields: { ...fieldsOf(event.target), ...pressed } });
  });
  sheet.addEventListener("input", (event) => {
    if (event.target.dataset.keep) sessionStorage.setItem(KEPT + event.target.dataset.keep, event.target.value);
  });
  sheet.addEventListener("focusout", () => { if (waiting) setTimeout(draw, 200); });
  model.on("html", draw);
  model.on("plots", draw);
  model.on("msg:custom", (message) => {
    const told = message.data || message;
    for (const name of told.forget || []) sessionStorage.removeItem(KEPT + name);
    if (told.now) behind = told.now - Date.now();
    for (const button of sheet.querySelectorAll("button")) button.disabled = false;
    delete sheet.dataset.sent;
    draw();
    const refused = sheet.querySelector(".callout.worse[role=status]");
    if (refused && refused.getBoundingClientRect().top < 0) refused.scrollIntoView({ block: "center" });
  });
  behind = model.now - Date.now();
  requestAnimationFrame(draw);
  const ticking = setInterval(tick, 1000);
  model.on("remove", () => { clearInterval(ticking); if (hearing) hearing.abort(); keeper.clear(); });
  return sheet;
}
