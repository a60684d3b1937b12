/**
 * The panel as an anywidget, for any front end that shows widgets.
 *
 * Where our JupyterLab extension is loaded it answers one DOM event with its way to the kernel and
 * what it can do with the notebook; elsewhere the widget's own comm and a plain page are used.
 */

import type { IChatHost, ITransport } from './chat/host';
import { keepKeys } from './chat/keys';
import { isKernelMessage } from './chat/messages';
import { mountChat } from './chat/mountChat';
import type { IChat } from './chat/mountChat';
import { plainHost } from './chat/plainHost';

/** What this widget uses of https://anywidget.dev/en/afm/ */
interface IWidgetModel {
  send(content: unknown): void;
  on(event: 'msg:custom', listener: (content: unknown) => void): void;
  off(event: 'msg:custom', listener: (content: unknown) => void): void;
}

interface IRenderContext {
  model: IWidgetModel;
  el: HTMLElement;
  signal?: AbortSignal;
}

/** The detail of the event `mibyan-jupyter:host`; who calls `provide` also prevents the default. */
export interface IHostEvent {
  provide(transport: ITransport, host: IChatHost): void;
}

/** The name of the event with which a panel in an output asks for its surroundings. */
export const HOST_EVENT = 'mibyan-jupyter:host';

function render({ model, el, signal }: IRenderContext): () => void {
  const lifetime = new AbortController();
  const end = () => lifetime.abort();
  signal?.addEventListener('abort', end, { signal: lifetime.signal });
  el.classList.add('mibyan-inline');
  keepKeys(el, lifetime.signal);
  whenConnected(el, lifetime.signal, () => {
    const chat = mount(model, el);
    lifetime.signal.addEventListener('abort', () => chat.dispose());
  });
  return end;
}

/** An element that is not on the page yet has no notebook around it. */
function whenConnected(el: HTMLElement, signal: AbortSignal, ready: () => void): void {
  if (signal.aborted) {
    return;
  }
  if (el.isConnected) {
    ready();
  } else {
    requestAnimationFrame(() => whenConnected(el, signal, ready));
  }
}

function mount(model: IWidgetModel, el: HTMLElement): IChat {
  let chat: IChat | null = null;
  const provide = (transport: ITransport, host: IChatHost) => {
    chat ??= mountChat(el, transport, host);
  };
  const detail: IHostEvent = { provide };
  const event = new CustomEvent(HOST_EVENT, { detail, bubbles: true, cancelable: true });
  el.dispatchEvent(event);
  return chat ?? mountChat(el, commTransport(model), plainHost());
}

function commTransport(model: IWidgetModel): ITransport {
  return {
    send: request => model.send(request),
    onMessage: listener => {
      const take = (content: unknown) => {
        if (isKernelMessage(content)) {
          listener(content);
        }
      };
      model.on('msg:custom', take);
      return () => model.off('msg:custom', take);
    }
  };
}

export default { render };
