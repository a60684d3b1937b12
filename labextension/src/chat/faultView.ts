/** A fault as two lines, with the way to a key where that is what is missing. */

import { button, element } from './dom';
import { faultLines, isAboutKey } from './faults';
import type { IChatHost } from './host';
import type { IFault } from './protocol';

/** The lines; `role="alert"` reads them out when they appear. */
export function faultView(
  fault: IFault,
  host: IChatHost,
  signal: AbortSignal,
  ...actions: HTMLElement[]
): HTMLElement {
  const { words } = host;
  const { what, hint, detail } = faultLines(fault, words);
  const box = element('div', { class: 'mibyan-fault', role: 'alert' });
  const line = (name: string, text: string) =>
    text && box.append(element('div', { class: name, dir: 'auto' }, text));
  line('mibyan-fault-what', what);
  line('mibyan-fault-hint', hint);
  line('mibyan-quiet', detail);
  const keyButton = isAboutKey(fault) ? loginButton(host, signal) : null;
  const buttons = keyButton ? [...actions, keyButton] : actions;
  if (buttons.length > 0) {
    box.append(element('div', { class: 'mibyan-buttons' }, ...buttons));
  }
  return box;
}

/** The button that inserts a cell for the key, where the host can. */
export function loginButton(host: IChatHost, signal: AbortSignal): HTMLButtonElement | null {
  return host.insertLoginCell
    ? button({
        label: host.words.__('Set a key…'),
        icon: 'key',
        labelled: true,
        action: 'login',
        signal,
        press: () => host.insertLoginCell?.()
      })
    : null;
}
