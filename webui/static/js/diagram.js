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

  /* The whole picture where it stays readable; else the present place, in the middle. */
  const look = (state) => {
    const canvas = viewer.get("canvas");
    canvas.zoom("fit-viewport", "auto");
    const here = viewer.get("elementRegistry").get(state.late[0] || state.now[0]);
    if (canvas.zoom() >= 0.6 || !here) return;
    const outer = canvas.viewbox().outer;
    const width = outer.width / 0.9;
    const height = outer.height / 0.9;
    canvas.viewbox({
      x: here.x + here.width / 2 - width / 2,
      y: here.y + here.height / 2 - height / 2,
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
