/* Draws a case's diagram with the path taken and the present place. The timeline says the same in words. */
(async () => {
  "use strict";

  const place = document.getElementById("diagram");
  if (!place || !window.BpmnJS) return;
  const viewer = new window.BpmnJS({ container: place });

  const mark = (state) => {
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    const paint = (ids, marker) => ids.forEach((id) => { if (registry.get(id)) canvas.addMarker(id, marker); });
    paint(state.done.concat(state.flows), "zb-done");
    paint(state.now, "zb-now");
    paint(state.late, "zb-late");
    Object.entries(state.stayed).forEach(([id, text]) => {
      if (!registry.get(id)) return;
      const label = document.createElement("span");
      label.className = state.late.includes(id) ? "dwell late" : "dwell";
      label.textContent = text;
      viewer.get("overlays").add(id, { position: { top: -10, left: 6 }, html: label });
    });
  };

  /* Where the case is, or the end it came to; an end within a part of the process only if there is no other. */
  const present = (state) => {
    const registry = viewer.get("elementRegistry");
    const now = registry.get(state.late[0] || state.now[0]);
    if (now) return now;
    const ends = state.done.map((id) => registry.get(id)).filter((one) => one && one.type === "bpmn:EndEvent");
    return ends.find((one) => one.parent.type !== "bpmn:SubProcess") || ends[0];
  };

  /* The whole picture where it stays readable; else the present place, in the middle but not beyond the edge. */
  const look = (state) => {
    const canvas = viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    const here = present(state);
    if (canvas.zoom() >= 0.6 || !here) return;
    const { inner, outer } = canvas.viewbox();
    const width = outer.width / 0.9;
    const height = outer.height / 0.9;
    const within = (middle, size, from, length) => Math.max(
      from - 30, Math.min(middle - size / 2, from + length + 30 - size));
    canvas.viewbox({
      x: within(here.x + here.width / 2, width, inner.x, inner.width),
      y: within(here.y + here.height / 2, height, inner.y, inner.height),
      width,
      height,
    });
  };

  try {
    const [xml, state] = await Promise.all([
      fetch(place.dataset.xml).then((answer) => answer.ok ? answer.text() : Promise.reject(answer.status)),
      fetch(place.dataset.state).then((answer) => answer.ok ? answer.json() : Promise.reject(answer.status)),
    ]);
    await viewer.importXML(xml);
    mark(state);
    look(state);
    const tools = document.querySelector("[data-diagram-tools]");
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zoom]");
      if (!button) return;
      if (button.dataset.zoom === "fit") viewer.get("canvas").zoom("fit-viewport", "auto");
      else viewer.get("zoomScroll").stepZoom(button.dataset.zoom === "in" ? 1 : -1);
    });
  } catch {
    const sorry = document.createElement("p");
    sorry.className = "p-3 m-0";
    sorry.textContent = place.dataset.sorry;
    place.replaceChildren(sorry);
  }
})();
