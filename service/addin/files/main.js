// Runs in the background page of WPS: a button on the ribbon that shows and hides the task pane.
"use strict";

const PANE = "gongkai_pane";
const DOCK_RIGHT = 2;
const application = () => window.Application ?? window.wps;

function pane() {
  const app = application();
  const id = Number(app.PluginStorage.getItem(PANE) ?? 0);
  const held = id ? app.GetTaskPane(id) : null;
  if (held) return held;
  const made = app.CreateTaskPane(new URL("/addin/pane?host=wps", document.location.href).href);
  made.DockPosition = DOCK_RIGHT;
  made.Width = 420;
  app.PluginStorage.setItem(PANE, made.ID);
  made.Visible = false;
  return made;
}

window.ribbon = {
  OnAddinLoad() {
    application().PluginStorage.setItem(PANE, 0);
    return true;
  },
  OnAction(control) {
    if (control.Id === "gongkaiPane") {
      const shown = pane();
      shown.Visible = !shown.Visible;
    }
    return true;
  },
  GetImage: () => new URL("/static/icon-32.png", document.location.href).href,
};
