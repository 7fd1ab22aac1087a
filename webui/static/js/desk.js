/* A task that is open: what is typed is saved by itself; who else is there is shown, and what they did. */
(() => {
  "use strict";

  const PAUSE = 1500; // milliseconds without typing until a draft is saved
  const kept = new WeakMap(); // form -> what was last saved of it

  const post = (url, body) => fetch(url, {
    method: "POST", body, credentials: "same-origin", headers: { "X-Requested-With": "fetch" },
  });

  /* --- drafts ------------------------------------------------------------ */
  const NOT_TYPED = new Set(["csrf_token", "_once", "_version", "_list", "_pane"]);
  const typed = (form) => new URLSearchParams(
    [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !NOT_TYPED.has(name))).toString();
  const hasFiles = (form) => [...form.querySelectorAll("input[type=file]")].some((one) => one.files.length);

  const tell = (form, words) => {
    const place = form.querySelector("[data-draft-state]");
    if (place) { place.textContent = words; place.hidden = !words; }
  };

  const redraw = async (form) => {
    const answer = await fetch(form.dataset.page, { credentials: "same-origin" });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("fields");
    const old = form.querySelector("#fields");
    if (!fresh || !old) return;
    const held = document.activeElement && document.activeElement.id;
    old.replaceWith(document.importNode(fresh, true));
    if (window.htmx) window.htmx.process(form.querySelector("#fields"));
    const again = held && document.getElementById(held);
    if (again) again.focus();
  };

  const save = async (form, withFiles) => {
    if (!form.isConnected || form.dataset.sent) return;
    const now = typed(form);
    if (!withFiles && kept.get(form) === now) return;
    const body = new FormData(form);
    const files = [...body].filter(([, value]) => value instanceof File);
    if (!withFiles) files.forEach(([name, value]) => { if (value instanceof File) removeFiles(body, name); });
    try {
      const answer = await post(form.dataset.draft, body);
      const said = await answer.json();
      if (form.dataset.sent) return;
      tell(form, answer.ok ? said.saved : said.error);
      if (answer.status === 409) beat(); // somebody was faster: the banner says who, before more is typed
      if (answer.ok) { kept.set(form, now); if (withFiles) await redraw(form); }
    } catch {
      tell(form, form.dataset.unsaved);
    }
  };
  const removeFiles = (body, name) => {
    const rest = body.getAll(name).filter((one) => typeof one === "string");
    body.delete(name);
    rest.forEach((one) => body.append(name, one));
  };

  const timers = new WeakMap();
  const later = (event) => {
    const form = event.target.closest && event.target.closest("form[data-draft]");
    if (!form) return;
    clearTimeout(timers.get(form));
    const files = event.type === "change" && event.target.type === "file" && hasFiles(form);
    timers.set(form, setTimeout(() => save(form, files), files ? 0 : PAUSE));
  };
  document.addEventListener("input", later);
  document.addEventListener("change", later);
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-draft]");
    if (form) clearTimeout(timers.get(form));
  });

  /* --- who is there ------------------------------------------------------ */
  let beating = 0;
  const beat = async () => {
    const place = document.querySelector("[data-presence]");
    if (!place || document.hidden) return;
    const body = new FormData();
    body.append("csrf_token", place.dataset.token);
    body.append("version", place.dataset.version);
    try {
      const answer = await post(place.dataset.presence, body);
      if (!answer.ok) return;
      show(place, await answer.json());
    } catch { /* the next sign tries again */ }
  };
  const show = (place, said) => {
    const others = place.querySelector("[data-others]");
    if (others.textContent !== said.others) others.textContent = said.others;
    others.parentElement.hidden = !said.others;
    const changed = place.querySelector("[data-changed]");
    if (changed.textContent !== said.changed) changed.textContent = said.changed;
    changed.closest(".banner").hidden = !said.changed;
  };
  const leave = () => {
    const place = document.querySelector("[data-presence]");
    if (!place) return;
    const body = new FormData();
    body.append("csrf_token", place.dataset.token);
    body.append("leave", "1");
    navigator.sendBeacon(place.dataset.presence, body);
  };

  const begin = () => {
    document.querySelectorAll("form[data-draft]").forEach((form) => {
      if (!kept.has(form)) kept.set(form, typed(form));
    });
    const place = document.querySelector("[data-presence]");
    if (!place || place.dataset.begun) return;
    place.dataset.begun = "1";
    clearInterval(beating);
    beat();
    beating = setInterval(beat, 1000 * Number(place.dataset.every));
  };
  begin();
  document.addEventListener("desk:opened", begin);
  document.addEventListener("desk:leaving", leave);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) beat(); });
  window.addEventListener("pagehide", leave);
})();
