/** The user's settings of the chat panel. */

import type { JupyterFrontEnd, JupyterFrontEndPlugin } from '@jupyterlab/application';
import { ISettingRegistry } from '@jupyterlab/settingregistry';
import { Signal } from '@lumino/signaling';
import type { ISignal } from '@lumino/signaling';

import type { ContextMode } from './chat/protocol';
import { IChatPreferences } from './tokens';

const CONTEXTS: readonly (ContextMode | 'kernel')[] = [
  'kernel',
  'auto',
  'none',
  'mentioned',
  'all'
];

/** The defaults, until settings are there to follow. */
export class ChatPreferences implements IChatPreferences {
  readonly #changed = new Signal<IChatPreferences, void>(this);
  #settings: ISettingRegistry.ISettings | null = null;

  constructor(readonly reload: () => void) {}

  get side(): 'left' | 'right' {
    return this.#value('side') === 'left' ? 'left' : 'right';
  }

  get enterSends(): boolean {
    return this.#value('enterSends') !== false;
  }

  get context(): ContextMode | 'kernel' {
    return CONTEXTS.find(each => each === this.#value('context')) ?? 'kernel';
  }

  get changed(): ISignal<IChatPreferences, void> {
    return this.#changed;
  }

  follow(settings: ISettingRegistry.ISettings): void {
    this.#settings = settings;
    settings.changed.connect(() => this.#changed.emit());
    this.#changed.emit();
  }

  #value(name: string): unknown {
    return this.#settings?.composite[name];
  }
}

/** Provides the settings; its schema is `schema/chat.json`. */
export const preferencesPlugin: JupyterFrontEndPlugin<IChatPreferences> = {
  id: 'mibyan-jupyter:chat',
  description: 'The settings of the chat panel.',
  autoStart: true,
  provides: IChatPreferences,
  optional: [ISettingRegistry],
  activate: (_app: JupyterFrontEnd, registry: ISettingRegistry | null) => {
    const { id } = preferencesPlugin;
    const preferences = new ChatPreferences(() => void registry?.reload(id));
    registry?.load(id).then(
      settings => preferences.follow(settings),
      (reason: unknown) => console.warn('mibyan-jupyter: settings not read.', reason)
    );
    return preferences;
  }
};
