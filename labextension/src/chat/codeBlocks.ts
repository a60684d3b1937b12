/** The toolbar of a code block: copy, and what can be done with code in a notebook. */

import { confirmIn } from './confirm';
import { button, element } from './dom';
import { flash } from './feedback';
import type { IChatHost } from './host';
import type { IconName } from './icons';
import { toolbar } from './toolbar';

const PYTHON = new Set(['', 'python', 'python3', 'py', 'ipython', 'ipython3', 'jupyter']);

/** What can be done with code; what is absent has no button. */
export type ICodeTools = Pick<
  IChatHost,
  'words' | 'copy' | 'insertBelow' | 'replaceSelected' | 'insertAndRun'
>;

/** How the toolbars live, and what only a panel can do. */
export interface ICodeOptions {
  /** Ends all that the toolbars do. */
  signal: AbortSignal;
  /** Propose the code as a new cell, where the host cannot insert one. */
  toNextCell?(source: string): Promise<void>;
  /** Say something to a screen reader. */
  announce?(text: string): void;
}

/** Give each code block inside `container` (or that it is) a toolbar, unless it has one. */
export function decorateCode(
  container: Element,
  tools: ICodeTools,
  options: ICodeOptions
): void {
  for (const code of codeIn(container)) {
    if (!code.querySelector('.mibyan-code-head')) {
      code.prepend(head(code, tools, options));
    }
  }
}

/** Whether it may be meant for a cell: Python, or no language named. */
function isPython(code: Element): boolean {
  const language = code.querySelector('.mibyan-language')?.textContent ?? '';
  return PYTHON.has(language.toLowerCase());
}

function codeIn(container: Element): HTMLElement[] {
  const inside = [...container.querySelectorAll<HTMLElement>('.mibyan-code')];
  const itself = container instanceof HTMLElement && container.matches('.mibyan-code');
  return itself ? [container] : inside;
}

/** The last block of Python of an answer, where it has one. */
export function lastPython(container: Element): HTMLElement | undefined {
  return codeIn(container).filter(isPython).pop();
}

/** The source of a code block. */
export function sourceOf(code: Element): string {
  const lines = code.querySelector('.mibyan-source code')?.textContent ?? '';
  return lines.replace(/\n$/, '');
}

function head(code: HTMLElement, tools: ICodeTools, options: ICodeOptions): HTMLElement {
  const forCells = isPython(code);
  const language = code.querySelector('.mibyan-language');
  const line = element('div', { class: 'mibyan-code-head' }, language ?? '');
  const buttons = new CodeButtons(code, line, tools, options);
  const all = [buttons.copy(), ...(forCells ? buttons.forCells() : [])];
  line.append(toolbar(tools.words.__('Code'), all, options.signal));
  return line;
}

type Use = (source: string) => void | Promise<void>;

class CodeButtons {
  constructor(
    private readonly code: HTMLElement,
    private readonly line: HTMLElement,
    private readonly tools: ICodeTools,
    private readonly options: ICodeOptions
  ) {}

  copy(): HTMLButtonElement {
    const { words } = this.tools;
    const copy: Use = source => this.tools.copy(source);
    return this.#button('copy', words.__('Copy the code'), words.__('Copied'), copy);
  }

  forCells(): HTMLButtonElement[] {
    const { tools, options } = this;
    const { words } = tools;
    const done = words.__('Done');
    const found: HTMLButtonElement[] = [];
    if (tools.insertBelow) {
      const label = words.__('Insert below the selected cell');
      found.push(this.#button('insert', label, done, source => tools.insertBelow?.(source)));
    } else if (options.toNextCell) {
      const label = words.__('To the next cell');
      found.push(this.#button('insert', label, done, source => options.toNextCell?.(source)));
    }
    if (tools.replaceSelected) {
      const label = words.__('Replace the selected cell');
      found.push(this.#button('replace', label, done, source => tools.replaceSelected?.(source)));
    }
    if (tools.insertAndRun) {
      found.push(this.#runButton(done));
    }
    return found;
  }

  #runButton(done: string): HTMLButtonElement {
    const { tools, options, line } = this;
    const { words } = tools;
    const { signal } = options;
    const run = () => void this.#attempt(node, done, source => tools.insertAndRun?.(source));
    const confirmation = {
      question: words.__('Run this code in a new cell of your notebook?'),
      action: words.__('Run'),
      words,
      signal,
      confirmed: run
    };
    const node = button({
      label: words.__('Insert below and run'),
      icon: 'run',
      action: 'run',
      signal,
      press: () => confirmIn(line, confirmation)
    });
    return node;
  }

  #button(name: IconName, label: string, done: string, use: Use): HTMLButtonElement {
    const node = button({
      label,
      icon: name,
      action: name,
      signal: this.options.signal,
      press: () => void this.#attempt(node, done, use)
    });
    return node;
  }

  async #attempt(node: HTMLButtonElement, done: string, use: Use): Promise<void> {
    let worked = true;
    try {
      await use(sourceOf(this.code));
    } catch {
      worked = false;
    }
    const said = worked ? done : this.tools.words.__('That did not work.');
    this.options.announce?.(said);
    flash(node, worked ? 'check' : 'close', said, this.options.signal);
  }
}
