// Live check of a form, saving without losing it, and keys. Every page works without this file.
"use strict";
(() => {
  const banner = (text) => {
    const place = document.getElementById("banner");
    place.textContent = text;
    place.hidden = !text;
  };
  const say = (key) => document.body.dataset[key];
  const send = (address, form, button) => {
    const body = new FormData(form);
    if (button && button.name) body.append(button.name, button.value);
    return fetch(address, { method: "POST", body });
  };
  const parse = async (answer) => new DOMParser().parseFromString(await answer.text(), "text/html");

  // What the check says of a field goes under it, once the field was left or holds something; the focus stays.
  const touched = new Set();
  let waiting = 0;
  const check = async (form) => {
    const mine = ++waiting;
    let answer;
    try { answer = await send(form.dataset.check, form); } catch { return banner(say("gone")); }
    if (mine !== waiting) return;
    if (!answer.ok) return banner(answer.status === 403 ? say("refused") : say("gone"));
    banner("");
    const found = await parse(answer);
    for (const place of form.querySelectorAll("[data-column]")) {
      const column = place.dataset.column, field = form.elements[column];
      const told = found.querySelector(`[data-column="${column}"]`);
      const shown = told && (!column || "judged" in form.dataset || touched.has(column) || (field && field.value));
      place.replaceChildren(...(shown ? told.childNodes : []));
      if (field && field.setAttribute) {
        if (shown && place.querySelector(".stop")) field.setAttribute("aria-invalid", "true");
        else field.removeAttribute("aria-invalid");
      }
    }
  };
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-check]");
    if (form) { touched.add(event.target.name); check(form); }
  });

  // A form is posted from the page that holds it: where the server is gone, what was typed stays.
  document.addEventListener("submit", async (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    event.preventDefault();
    let answer;
    try { answer = await send(form.action, form, event.submitter); } catch { return banner(say("gone")); }
    if (answer.status === 403) return banner(say("refused"));
    const page = await parse(answer);
    const main = page.querySelector("main");
    if (!main) return banner(say("gone"));
    if (answer.status >= 400 && !main.querySelector("form")) return banner(main.querySelector("p").textContent);
    // The page that answers is the one to be shown: to ask for it again would miss what it says once.
    if (answer.redirected) history.pushState(null, "", answer.url);
    document.documentElement.lang = page.documentElement.lang;
    document.title = page.title;
    document.body.replaceWith(page.body);
    touched.clear();
    scrollTo(0, 0);
    document.querySelector("main").focus();
    start();
  });

  // Enter goes to the next field that should be answered and is empty, else to the button that saves.
  const onward = (form, from) => {
    const all = [...form.elements], open = all.slice(all.indexOf(from) + 1).find((one) => "asked" in one.dataset && !one.value);
    (open || form.querySelector("[data-key=s]")).focus();
  };

  // Keys: - in a list answers "not reported"; Ctrl+Enter saves; single letters press the buttons that show them.
  document.addEventListener("keydown", (event) => {
    const field = event.target;
    if (event.key === "-" && "unreported" in field.dataset) {
      field.value = "not_reported";
      field.dispatchEvent(new Event("change", { bubbles: true }));
      return event.preventDefault();
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && field.form) {
      event.preventDefault();
      return field.form.requestSubmit(field.form.querySelector("[data-key=s]"));
    }
    if (field.form && "check" in field.form.dataset) {
      const pressed = event.altKey && field.form.querySelector({ KeyN: "[data-key=n]", KeyS: "[data-key=t]" }[event.code] || "x");
      if (pressed) { event.preventDefault(); return field.form.requestSubmit(pressed); }
      if (event.key === "Enter" && !event.shiftKey && !field.matches("button")) { event.preventDefault(); return onward(field.form, field); }
    }
    if (event.ctrlKey || event.metaKey || event.altKey || field.matches("input:not([type=radio]), textarea, select")) return;
    const pressed = [...document.querySelectorAll("[data-press]")].find((one) => one.dataset.press === event.key.toLowerCase());
    if (pressed) { event.preventDefault(); pressed.click(); }
  });
  const start = () => {
    const form = document.querySelector("form[data-check]");
    const first = document.querySelector("[aria-invalid=true], [data-first]");
    if (first) first.focus();
    else if (form && !location.hash) onward(form, null);
  };
  addEventListener("popstate", () => location.reload());
  start();
})();
