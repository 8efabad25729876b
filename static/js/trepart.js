/* Keeps what is being written on this device until it has been received, so that a lost
   session or connection costs no words. Pages work the same without this file. */
"use strict";

(() => {
  const menu = document.querySelector("details.account");
  if (menu) {
    addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
    addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !menu.open) return;
      menu.open = false;
      menu.querySelector("summary").focus();
    });
  }

  const person = document.documentElement.dataset.person;
  const prefix = "draft:";
  const keptFor = 7 * 24 * 60 * 60 * 1000;
  const keyOf = (form) => `${prefix}${person}:${location.pathname}:${form.dataset.draft}`;
  const clockTime = (at) =>
    new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });

  const entries = (form) =>
    [...new FormData(form)].filter(
      ([name, value]) =>
        typeof value === "string" && form.querySelector(`[name="${CSS.escape(name)}"]:not([type="hidden"], [type="password"])`),
    );

  const fill = (form, saved) => {
    for (const field of form.elements) {
      if (!field.name || ["hidden", "password", "file", "submit"].includes(field.type)) continue;
      const values = saved.filter(([name]) => name === field.name).map(([, value]) => value);
      if (field.type === "checkbox" || field.type === "radio") field.checked = values.includes(field.value);
      else if (field.multiple) for (const option of field.options) option.selected = values.includes(option.value);
      else if (values.length) field.value = values[0];
    }
    /* What was written in a folded part is to be seen. */
    const changed = (field) => field.checked !== field.defaultChecked || field.value !== field.defaultValue;
    for (const part of form.querySelectorAll("details:not([open])"))
      part.open = [...part.querySelectorAll("input, textarea")].some(changed);
  };

  const drafts = () => Object.keys(localStorage).filter((key) => key.startsWith(prefix));
  const read = (key) => JSON.parse(localStorage.getItem(key));
  const write = (key, draft) => localStorage.setItem(key, JSON.stringify(draft));

  /* A sent draft is dropped only when the signed-in answer came straight from its own form:
     after a lost session, a lost connection or an error page it stays. */
  const settle = () => {
    const [visit] = performance.getEntriesByType("navigation");
    const from = document.referrer && new URL(document.referrer).pathname;
    const refused = document.querySelector("form[data-refused], [data-keep-drafts]");
    for (const key of drafts()) {
      const draft = read(key);
      if (Date.now() - draft.at > keptFor) localStorage.removeItem(key);
      else if (draft.sent) {
        if (person && !refused && visit.type === "navigate" && from === draft.path) localStorage.removeItem(key);
        else write(key, { ...draft, sent: false });
      }
    }
  };

  const watch = (form) => {
    const key = keyOf(form);
    const status = form.querySelector("[data-draft-status]");
    const blank = JSON.stringify(entries(form));
    /* What was stored when the draft was begun goes with it: the server then sees what others
       have written since, although the page is new. */
    const seen = form.querySelector("[data-seen]");
    const seenNow = seen?.value;
    const save = (sent) =>
      write(key, { at: Date.now(), path: location.pathname, entries: entries(form), seen: seen?.value, sent });

    const draft = localStorage.getItem(key) && read(key);
    if (draft && !form.hasAttribute("data-refused") && JSON.stringify(draft.entries) !== blank) {
      fill(form, draft.entries);
      if (seen && draft.seen !== undefined) seen.value = draft.seen;
      const discard = document.createElement("button");
      discard.type = "button";
      discard.className = "button button--link";
      discard.textContent = status.dataset.discard;
      discard.addEventListener("click", () => {
        localStorage.removeItem(key);
        form.reset();
        if (seen) seen.value = seenNow;
        status.replaceChildren();
      });
      status.replaceChildren(`${status.dataset.restored} ${clockTime(draft.at)}. `, discard);
    }

    let waiting;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        save(false);
        status.textContent = `${status.dataset.saved} ${clockTime(Date.now())}.`;
      }, 600);
    });
    form.addEventListener("submit", () => {
      clearTimeout(waiting);
      save(true);
    });
  };

  settle();
  if (person) document.querySelectorAll("form[data-draft]").forEach(watch);
  addEventListener("pageshow", (event) => event.persisted && settle());

  /* Who logs out on purpose may be leaving a shared computer. */
  document.querySelectorAll("form[data-forget-drafts]").forEach((form) =>
    form.addEventListener("submit", () => drafts().forEach((key) => localStorage.removeItem(key))),
  );
})();
