/* Saves a part of a report while it is written, and shows what others have written meanwhile.
   The page works the same without this file; what cannot be sent stays in the draft of trepart.js. */
"use strict";

(() => {
  const form = document.querySelector("form[data-autosave]");
  if (!form) return;
  const status = form.querySelector("[data-autosave-status]");
  const seen = form.querySelector("[data-seen]");
  const draft = `draft:${document.documentElement.dataset.person}:${location.pathname}:${form.dataset.draft}`;
  const pause = 1500;

  const valueOf = (data, name) => data.get(name) ?? "";
  const show = (name, value) => {
    for (const field of form.querySelectorAll(`[name="${CSS.escape(name)}"]`))
      if (field.type === "radio") field.checked = field.value === value;
      else field.value = value;
  };

  /* What somebody else has stored is shown where nothing new has been typed since. A field that was
     typed in meanwhile keeps what its writer had seen, so that the server sees both. */
  const meet = (sent, stored) => {
    const now = new FormData(form);
    const digests = JSON.parse(seen.value);
    for (const [name, digest] of Object.entries(JSON.parse(stored.seen))) {
      const value = stored.values[name] ?? "";
      const isOthers = value.trim() !== valueOf(sent, name).replaceAll("\r\n", "\n").trim();
      if (isOthers && valueOf(now, name) !== valueOf(sent, name)) continue;
      digests[name] = digest;
      if (isOthers) show(name, value);
    }
    seen.value = JSON.stringify(digests);
  };

  let waiting, version = 0, isSending = false;
  const save = async () => {
    if (isSending) return again();
    isSending = true;
    const before = version;
    const sent = new FormData(form);
    try {
      const answer = await fetch(location.href, { method: "POST", body: sent, headers: { "X-Autosave": "1" } });
      const isOurs = answer.headers.get("Content-Type")?.startsWith("application/json");
      if (answer.ok && isOurs) {
        const stored = await answer.json();
        meet(sent, stored);
        if (version === before) {
          localStorage.removeItem(draft);
          form.querySelector("[data-draft-status]").replaceChildren();
        }
        status.textContent = `${status.dataset.saved} ${stored.at}.`;
      } else status.textContent = isOurs ? status.dataset.refused : status.dataset.offline;
    } catch {
      status.textContent = status.dataset.offline;
    }
    isSending = false;
    if (version !== before) again();
  };
  const again = () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, pause);
  };

  form.addEventListener("input", () => {
    version += 1;
    again();
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
})();
