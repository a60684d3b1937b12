/** HTML that grows on a page: what is there already stays, with its formulas and its selection. */

/** A formula, whose source is replaced by what MathJax draws. */
export const FORMULA = '.mibyan-math';

/**
 * Change `shown`, which was drawn from `before`, into a drawing of `after`. The beginning that the
 * two have in common is left alone: what the page made of it since (typeset formulas, a selection)
 * stays. Returns the nodes that are new.
 */
export function grow(shown: Node, before: Node, after: Node): Node[] {
  const fresh = [...after.childNodes];
  const added: Node[] = [];
  let same = 0;
  if (isUntouched(shown, before)) {
    same = sameAtFirst(before, fresh);
    const [live, from, to] = [shown.childNodes[same], before.childNodes[same], fresh[same]];
    if (live && from && to && goesOn(from, to)) {
      added.push(...growNode(live, from, to));
      same += 1;
    }
  }
  [...shown.childNodes].slice(same).forEach(node => node.remove());
  for (const node of fresh.slice(same)) {
    const copy = node.cloneNode(true);
    shown.appendChild(copy);
    added.push(copy);
  }
  return added;
}

/** Not so where somebody else changed the page, as a search does that marks what it finds. */
function isUntouched(shown: Node, before: Node): boolean {
  return shown.childNodes.length === before.childNodes.length;
}

function sameAtFirst(before: Node, fresh: readonly Node[]): number {
  const changed = fresh.findIndex((node, at) => !before.childNodes[at]?.isEqualNode(node));
  return changed < 0 ? fresh.length : changed;
}

/** Whether `to` is `from` with more in it; a formula is another one. */
function goesOn(from: Node, to: Node): boolean {
  if (from instanceof Text && to instanceof Text) {
    return to.data.startsWith(from.data);
  }
  const isFormula = to instanceof Element && to.matches(FORMULA);
  return !isFormula && from.cloneNode(false).isEqualNode(to.cloneNode(false));
}

function growNode(live: Node, from: Node, to: Node): Node[] {
  if (live instanceof Text && from instanceof Text && to instanceof Text) {
    live.appendData(to.data.slice(from.length));
    return [];
  }
  return grow(live, from, to);
}
