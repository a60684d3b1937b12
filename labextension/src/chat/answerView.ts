/** An answer as DOM: settled blocks that stay, and a tail that each frame replaces. */

import { CutSides } from './cutSides';
import { element } from './dom';
import { setKernelHtml } from './kernelHtml';

interface IBlock {
  html: string;
  node: HTMLElement;
}

/** Shows blocks of the kernel's HTML; a block whose HTML is unchanged keeps its node. */
export class AnswerView {
  readonly node = element('div', { class: 'mibyan-reply' });
  #blocks: IBlock[] = [];
  #tail = element('div', { class: 'mibyan-tail', hidden: true });
  #tailHtml = '';
  #cut: CutSides;

  /** `settled` is called once with each new block, when its HTML is in. */
  constructor(
    private readonly settled: (block: HTMLElement) => void,
    signal: AbortSignal
  ) {
    this.#cut = new CutSides(this.node, signal);
    this.node.append(this.#tail);
    this.node.addEventListener('click', event => followFootnote(event, this.node), {
      signal
    });
  }

  /** Whether there is nothing to read yet. */
  get empty(): boolean {
    return this.#blocks.length === 0 && this.#tailHtml === '';
  }

  /** The nodes of the settled blocks, in order. */
  get blocks(): HTMLElement[] {
    return this.#blocks.map(block => block.node);
  }

  /** Show these blocks and this tail. */
  update(blocks: readonly string[], tail: string): void {
    blocks.forEach((html, place) => this.#put(html, place));
    this.#blocks.splice(blocks.length).forEach(block => block.node.remove());
    if (tail !== this.#tailHtml) {
      this.#tailHtml = tail;
      this.#tail.hidden = tail === '';
      this.#cut.unwatch(this.#tail);
      setKernelHtml(this.#tail, tail);
      this.#cut.watch(this.#tail);
    }
  }

  #put(html: string, place: number): void {
    const old = this.#blocks[place];
    if (old?.html === html) {
      return;
    }
    const node = element('div', { class: 'mibyan-block' });
    setKernelHtml(node, html);
    if (old) {
      old.node.replaceWith(node);
    } else {
      this.#tail.before(node);
    }
    this.#blocks[place] = { html, node };
    this.#cut.watch(node);
    this.settled(node);
  }
}

/** The same answer may be in a cell's output too, with the same ids: stay in this one. */
function followFootnote(event: MouseEvent, answer: HTMLElement): void {
  const link = event.target instanceof Element ? event.target.closest('a') : null;
  const href = link?.getAttribute('href') ?? '';
  if (href.startsWith('#')) {
    event.preventDefault();
    const targets = [...answer.querySelectorAll('[id]')];
    targets.find(each => each.id === href.slice(1))?.scrollIntoView({ block: 'nearest' });
  }
}
