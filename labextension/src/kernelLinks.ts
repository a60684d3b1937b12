/** The links of all open notebooks; the panels of one notebook share one. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import type { Kernel } from '@jupyterlab/services';
import { ITranslator, nullTranslator } from '@jupyterlab/translation';

import type { IWords } from './chat/host';
import { KernelLink } from './kernelLink';
import { DOMAIN, IKernelLinks } from './tokens';

/** One link for each kernel connection, made when it is first wanted. */
export class KernelLinks implements IKernelLinks {
  readonly #links = new WeakMap<Kernel.IKernelConnection, KernelLink>();

  constructor(private readonly words: IWords) {}

  of(kernel: Kernel.IKernelConnection): KernelLink {
    const link = this.#links.get(kernel) ?? new KernelLink(kernel, this.words);
    this.#links.set(kernel, link);
    return link;
  }
}

/** Provides the links. */
export const linksPlugin: JupyterFrontEndPlugin<IKernelLinks> = {
  id: 'mibyan-jupyter:links',
  description: 'Connects the chat panels with the sessions in the kernels.',
  autoStart: true,
  provides: IKernelLinks,
  optional: [ITranslator],
  activate: (_app: JupyterFrontEnd, translator: ITranslator | null) =>
    new KernelLinks((translator ?? nullTranslator).load(DOMAIN))
};
