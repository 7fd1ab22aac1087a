/* The inbox by keyboard, several rows at once, and the task beside the list. Without it, links and forms. */
(() => {
  "use strict";

  const table = document.querySelector("table[data-rows]");
  const rows = () => [...document.querySelectorAll("table[data-rows] tbody tr")];
  const box = (row) => row && row.querySelector("td.pick input");
  const link = (row) => row && row.querySelector(".row-title");
  const desk = document.querySelector("main.desk");

  /* --- selection --------------------------------------------------------- */
  const boxes = () => [...document.querySelectorAll("table[data-rows] td.pick input")];
  const all = document.querySelector("[data-all]");
  const bar = document.querySelector("[data-bulk]");
  let last = null;
  const count = () => {
    const number = boxes().filter((one) => one.checked).length;
    boxes().forEach((one) => one.closest("tr").classList.toggle("picked", one.checked));
    if (bar) {
      bar.classList.toggle("on", number > 0);
      const words = bar.querySelector("[data-chosen]");
      words.textContent = number ? bar.dataset.words.replace("{n}", number) : "";
    }
    if (all) {
      all.checked = number > 0 && number === boxes().length;
      all.indeterminate = number > 0 && number < boxes().length;
    }
  };
  const pick = (one, on, through) => {
    if (!one) return;
    const every = boxes();
    const [from, to] = [every.indexOf(through && last ? last : one), every.indexOf(one)].sort((a, b) => a - b);
    every.slice(Math.max(0, from), to + 1).forEach((each) => { each.checked = on; });
    last = one;
    count();
  };
  if (all) {
    all.hidden = false;
    all.addEventListener("change", () => { boxes().forEach((one) => { one.checked = all.checked; }); count(); });
  }
  boxes().forEach((one) => one.addEventListener("click", (event) => pick(one, one.checked, event.shiftKey)));
  document.querySelectorAll("[data-cancel]").forEach((button) => button.addEventListener("click", () => {
    boxes().forEach((one) => { one.checked = false; });
    count();
  }));
  count();
  window.addEventListener("pageshow", count);
  if (bar) bar.addEventListener("keydown", (event) => { // Enter in the opinion presses the button behind it
    if (event.key !== "Enter" || event.isComposing || !event.target.matches("[data-then]")) return;
    event.preventDefault();
    bar.querySelector("[data-hand]").click();
  });

  /* --- the place in the list --------------------------------------------- */
  const PLACE = "zb-place";
  const list = () => new URLSearchParams([...new URLSearchParams(location.search)].filter(([name]) => name !== "task")).toString();
  let place = -1;
  const here = () => rows()[place];
  const remember = (byKey) => {
    const row = here();
    if (!row) return;
    const kept = { list: list(), id: row.dataset.row || "", index: place, byKey };
    try { sessionStorage.setItem(PLACE, JSON.stringify(kept)); } catch { /* a browser without memory */ }
  };
  const stand = (index, focus = true) => {
    const every = rows();
    if (!every.length) return;
    if (here()) here().classList.remove("focus-row");
    place = Math.min(every.length - 1, Math.max(0, index));
    const row = here();
    row.classList.add("focus-row");
    if (!focus) return;
    const target = link(row);
    target.focus({ preventScroll: true });
    row.scrollIntoView({ block: "nearest" });
    remember(true);
  };
  /* A task that an action led to is where the keys go on; what the action did is read out with it. */
  const take = (row) => {
    row.scrollIntoView({ block: "nearest" });
    const pane = document.getElementById("pane"), said = document.getElementById("said");
    if (!said || pane.querySelector("#error-summary")) return;
    pane.setAttribute("aria-describedby", said.id);
    pane.focus({ preventScroll: true });
  };
  const comeBack = () => {
    let kept = null;
    try { kept = JSON.parse(sessionStorage.getItem(PLACE)); } catch { /* nothing to come back to */ }
    const open = rows().findIndex((row) => row.classList.contains("opened"));
    if (open >= 0) { stand(open, false); take(here()); return; }
    if (!kept || kept.list !== list()) return;
    const same = rows().findIndex((row) => row.dataset.row && row.dataset.row === kept.id);
    stand(same >= 0 ? same : kept.index, kept.byKey && !document.querySelector("#error-summary, [data-results]"));
  };
  document.addEventListener("focusin", (event) => {
    const row = event.target.closest && event.target.closest("table[data-rows] tbody tr");
    if (row && rows().indexOf(row) !== place) {
      stand(rows().indexOf(row), false);
      remember(false);
    }
  });
  comeBack();
  const results = document.querySelector("[data-results]");
  if (results) results.focus();

  /* --- the task beside the list ------------------------------------------- */
  const wide = window.matchMedia("(min-width: 1200px)");
  const beside = () => wide.matches && table && table.dataset.beside === "on" && window.htmx;
  const mark = (id) => rows().forEach((row) => {
    const on = row.dataset.row === id;
    row.classList.toggle("opened", on);
    if (on) row.setAttribute("aria-current", "true"); else row.removeAttribute("aria-current");
  });
  const open = (row) => {
    const address = row.dataset.here;
    document.dispatchEvent(new Event("desk:leaving"));
    window.htmx.ajax("GET", address, { target: "#pane", swap: "outerHTML" }).then(() => {
      const pane = document.getElementById("pane");
      if (!pane || pane.hidden) { location.assign(address); return; }
      desk.classList.add("beside");
      mark(row.dataset.row);
      row.scrollIntoView({ block: "nearest" });
      if (location.pathname + location.search !== address) history.pushState({}, "", address);
      pane.scrollTop = 0;
      pane.focus({ preventScroll: true });
      document.dispatchEvent(new Event("desk:opened"));
    });
  };
  const close = () => {
    const pane = document.getElementById("pane");
    if (!pane || pane.hidden) return;
    document.dispatchEvent(new Event("desk:leaving"));
    pane.replaceChildren();
    pane.hidden = true;
    desk.classList.remove("beside");
    mark("");
    history.pushState({}, "", location.pathname + (list() ? `?${list()}` : ""));
    if (place >= 0) stand(place);
  };
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-close]")) { event.preventDefault(); close(); return; }
    const anchor = event.target.closest("a[data-open]");
    if (!anchor || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const row = anchor.closest("tr");
    place = rows().indexOf(row);
    remember(event.detail === 0);
    if (!beside()) return;
    event.preventDefault();
    open(row);
  });
  window.addEventListener("popstate", () => location.reload());

  /* --- single keys --------------------------------------------------------- */
  const claim = () => {
    const some = boxes().some((one) => one.checked) && document.querySelector("[data-bulk-claim]");
    const button = some || (here() && here().querySelector("[data-claim]"))
      || document.querySelector("#pane [data-claim]");
    if (button) { remember(true); button.click(); }
  };
  const several = () => {
    const first = bar && [...bar.querySelectorAll("button:enabled, select")].find((one) => one.checkVisibility());
    if (first) { first.focus(); bar.scrollIntoView({ block: "nearest" }); }
  };
  const KEYS = {
    j: () => stand(place + 1),
    k: () => stand(place < 0 ? 0 : place - 1),
    x: () => pick(box(here()), box(here()) && !box(here()).checked, false),
    X: () => pick(box(here()), true, true),
    c: claim,
    b: several,
    "/": () => { const field = document.querySelector("[data-search]"); if (field) { field.focus(); field.select(); } },
    Escape: close,
  };
  const tabs = document.querySelectorAll(".tabs-z a");
  tabs.forEach((tab, index) => { KEYS[index + 1] = () => tab.click(); });
  document.addEventListener("desk:key", (event) => {
    const act = KEYS[event.detail];
    if (!act) return;
    event.preventDefault();
    act();
  });
})();
