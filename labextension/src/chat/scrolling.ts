/** The reader's place: the end is followed only while the reader is there. */

const NEAR = 4;

/**
 * Follows the growing end of `content` inside `scroller`; a reader who has scrolled up stays where
 * they are, and `pill` shows that there is new text below.
 */
export class Scrolling {
  #following = true;
  #lastTop = 0;

  constructor(
    private readonly scroller: HTMLElement,
    private readonly content: HTMLElement,
    private readonly pill: HTMLElement,
    signal: AbortSignal
  ) {
    pill.hidden = true;
    scroller.addEventListener('scroll', () => this.#scrolled(), { signal, passive: true });
    pill.addEventListener('click', () => this.toEnd(), { signal });
    const observer = new ResizeObserver(() => this.#resized());
    observer.observe(content);
    observer.observe(scroller);
    signal.addEventListener('abort', () => observer.disconnect());
  }

  /** There is new text: go along, or tell that it is there. */
  grown(): void {
    if (!this.#follow()) {
      this.pill.hidden = false;
    }
  }

  /** Go to the end, and stay there. */
  toEnd(): void {
    this.#following = true;
    this.pill.hidden = true;
    this.#follow();
  }

  /** Show `node`, which is the last: its beginning, where it is higher than the view. */
  reveal(node: HTMLElement): void {
    this.toEnd();
    const above = this.scroller.getBoundingClientRect().top - node.getBoundingClientRect().top;
    if (above > 0) {
      this.#following = false;
      this.scroller.scrollTop -= above;
      this.#lastTop = this.scroller.scrollTop;
    }
  }

  #resized(): void {
    // What a reader opens where they are makes the content larger too, and is not to run away.
    if (!this.content.contains(document.activeElement)) {
      this.#follow();
    }
  }

  #follow(): boolean {
    if (this.#following) {
      this.scroller.scrollTop = this.scroller.scrollHeight;
      this.#lastTop = this.scroller.scrollTop;
    }
    return this.#following;
  }

  #scrolled(): void {
    const { scrollTop, scrollHeight, clientHeight } = this.scroller;
    if (clientHeight === 0) {
      return; // hidden: the reader is where they were
    }
    const atEnd = scrollHeight - scrollTop - clientHeight <= NEAR;
    // Text that grows leaves the end behind without moving the reader: only going up is leaving.
    this.#following = atEnd || (this.#following && scrollTop >= this.#lastTop);
    this.#lastTop = scrollTop;
    if (this.#following) {
      this.pill.hidden = true;
    }
  }
}
