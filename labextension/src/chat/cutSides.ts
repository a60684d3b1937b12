/**
 * The sides at which a scroller's content goes on, told to the style, which puts a shade there; and
 * a stop for Tab where it goes on, so that the arrow keys scroll it.
 */

const SCROLLERS = '.mibyan-code, .mibyan-table, .mibyan-math, .mibyan-wide';
/** A rounded width is not yet more to see. */
const ROUNDING = 1;

/** Keeps `data-cut` of the scrollers in one place: "left", "right" or both. */
export class CutSides {
  // After the page's layout, so that a look at a width forces no other.
  readonly #observer = new ResizeObserver(entries =>
    entries.forEach(entry => mark(entry.target))
  );

  constructor(place: HTMLElement, signal: AbortSignal) {
    place.addEventListener(
      'scroll',
      event => event.target instanceof Element && mark(event.target),
      { capture: true, passive: true, signal }
    );
    signal.addEventListener('abort', () => this.#observer.disconnect());
  }

  /** Mark the scrollers in `container`, now and whenever their size changes. */
  watch(container: Element): void {
    container.querySelectorAll(SCROLLERS).forEach(each => this.#observer.observe(each));
  }

  /** The content of `container` is about to go. */
  unwatch(container: Element): void {
    container.querySelectorAll(SCROLLERS).forEach(each => this.#observer.unobserve(each));
  }
}

function mark(scroller: Element): void {
  if (!scroller.matches(SCROLLERS)) {
    return;
  }
  const hidden = scroller.scrollWidth - scroller.clientWidth;
  const isFromRight = getComputedStyle(scroller).direction === 'rtl';
  const left = scroller.scrollLeft + (isFromRight ? hidden : 0);
  const sides = [left > ROUNDING ? 'left' : '', hidden - left > ROUNDING ? 'right' : ''];
  const cut = sides.join(' ').trim();
  if (cut) {
    scroller.setAttribute('data-cut', cut);
    scroller.setAttribute('tabindex', '0');
  } else {
    scroller.removeAttribute('data-cut');
    scroller.removeAttribute('tabindex');
  }
}
