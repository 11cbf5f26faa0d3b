// The user's changes to the map: moving, hiding and folding items. They can be undone and change no
// data, and the table below the map still shows every requested link.
import { crowded } from "/static/js/map-look.js";

// If a large map has at least this many items whose only link is to the same item, they are folded
// away.
const LEAVES = 4;

export function hand(cy, chart, pins) {
  const moved = pins;
  const hidden = new Set(chart.hidden);
  const opened = new Set(chart.opened);
  const folds = new Map();
  const done = [];
  const undone = [];
  const buttons = Object.fromEntries(["undo", "redo", "unhide"].map((id) => [id, document.getElementById(id)]));

  function tell() {
    buttons.undo.disabled = !done.length;
    buttons.redo.disabled = !undone.length;
    buttons.unhide.hidden = !hidden.size;
    buttons.unhide.textContent = `Show ${hidden.size} hidden`;
  }

  // Registers a change that was already made, with the functions that undo and repeat it.
  function keep(back, again) {
    done.push({ back, again });
    undone.length = 0;
    tell();
  }

  function act(again, back) {
    again();
    keep(back, again);
  }

  function turn(from, to, which) {
    const one = from.pop();
    if (one) {
      one[which]();
      to.push(one);
    }
    tell();
  }
  const undo = () => turn(done, undone, "back");
  const redo = () => turn(undone, done, "again");

  function fold() {
    folds.clear();
    if (crowded) {
      const near = new Map(cy.nodes().map((one) => [one.id(), new Set()]));
      cy.edges().forEach((edge) => {
        const { source, target } = edge.data();
        if (source === target || edge.hasClass("went")) return;
        near.get(source).add(target);
        near.get(target).add(source);
      });
      const kept = new Set(cy.nodes(".focus, :selected").map((one) => one.id()));
      const alone = (id) => near.get(id).size === 1 && !kept.has(id);
      for (const [leaf, [hub]] of near) {
        if (alone(leaf) && !alone(hub)) folds.set(hub, [...(folds.get(hub) ?? []), leaf]);
      }
      for (const [id, leaves] of folds) if (leaves.length < LEAVES || opened.has(id)) folds.delete(id);
    }
    const away = new Set([...folds.values()].flat());
    cy.batch(() => cy.nodes().forEach((one) => {
      one.toggleClass("folded", away.has(one.id()));
      one.toggleClass("hidden", hidden.has(one.id()));
    }));
    tell();
  }

  function hide(ids) {
    const some = ids.filter((id) => !hidden.has(id));
    if (!some.length) return;
    cy.$(":selected").unselect();
    act(() => { some.forEach((id) => hidden.add(id)); fold(); }, () => { some.forEach((id) => hidden.delete(id)); fold(); });
  }

  function open(id, on) {
    const turned = (now) => () => { if (now) opened.add(id); else opened.delete(id); fold(); };
    act(turned(on), turned(!on));
  }

  let from = new Map();
  cy.on("grab", "node", () => { from = new Map(cy.nodes(":grabbed, :selected").map((one) => [one.id(), { ...one.position() }])); });
  cy.on("free", "node", ({ target }) => {
    const before = [...from].filter(([id]) => id === target.id() || cy.getElementById(id).selected());
    const places = before.map(([id, was]) => [id, was, { ...cy.getElementById(id).position() }]);
    const gone = places.filter(([, was, now]) => Math.hypot(now.x - was.x, now.y - was.y) > 1);
    if (!gone.length) return;
    const put = (which) => () => gone.forEach(([id, ...spots]) => {
      moved.set(id, spots[which]);
      cy.getElementById(id).position(spots[which]);
    });
    put(1)();
    keep(put(0), put(1));
  });
  buttons.undo.addEventListener("click", undo);
  buttons.redo.addEventListener("click", redo);
  buttons.unhide.addEventListener("click", () => {
    const all = [...hidden];
    act(() => { hidden.clear(); fold(); }, () => { all.forEach((id) => hidden.add(id)); fold(); });
  });
  return { moved, hidden, folds, opened, keep, fold, hide, open, undo, redo };
}
