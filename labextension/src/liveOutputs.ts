/** An answer that grows in a cell: each frame changes only what is new in it. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { IRenderMimeRegistry, RenderedHTMLCommon } from '@jupyterlab/rendermime';
import type { IRenderMime } from '@jupyterlab/rendermime';

import { setKernelHtml } from './chat/kernelHtml';
import { FORMULA, grow } from './growing';

/** Stands beside the `text/html` of a frame (`mibyan_jupyter/output/cell_output.py`). */
const LIVE = 'application/vnd.mibyan.live';
const HTML = 'text/html';
const BEFORE_HTML = 0;

/**
 * Draws an output's `text/html` as JupyterLab does, but runs no script, and keeps of the frame
 * before what is still so: JupyterLab draws and typesets all of an output for each update.
 */
class LiveOutput extends RenderedHTMLCommon {
  #drawn: DocumentFragment = document.createDocumentFragment();

  constructor(options: IRenderMime.IRendererOptions) {
    super({ ...options, mimeType: HTML });
    this.addClass('jp-RenderedHTML');
  }

  override renderModel(model: IRenderMime.IMimeModel): Promise<void> {
    return super.renderModel(model, true);
  }

  async render(model: IRenderMime.IMimeModel): Promise<void> {
    const page = document.createElement('template');
    setKernelHtml(page, String(model.data[HTML]));
    const added = grow(this.node, this.#drawn, page.content);
    this.#drawn = page.content;
    if (this.isAttached && added.some(holdsFormula)) {
      this.#typeset();
    }
  }

  protected override onAfterAttach(): void {
    if (holdsFormula(this.node)) {
      this.#typeset();
    }
  }

  /** All at once: each call measures the page. What is typeset already holds no TeX any more. */
  #typeset(): void {
    void this.latexTypesetter?.typeset(this.node);
  }
}

function holdsFormula(node: Node): boolean {
  return node instanceof Element && (node.matches(FORMULA) || node.querySelector(FORMULA) !== null);
}

/** Elsewhere, without this extension or without trust, a frame is the `text/html` that it holds. */
export const liveOutputsPlugin: JupyterFrontEndPlugin<void> = {
  id: 'mibyan-jupyter:live-outputs',
  description: 'Draws answers in cells while they grow.',
  autoStart: true,
  requires: [IRenderMimeRegistry],
  activate: (_app: JupyterFrontEnd, rendermime: IRenderMimeRegistry) => {
    rendermime.addFactory(
      { safe: false, mimeTypes: [LIVE], createRenderer: options => new LiveOutput(options) },
      BEFORE_HTML
    );
  }
};
