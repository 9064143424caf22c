// A surface is a place with blocks: a message, the home tab or one modal view.
// It remembers what the person entered, in the shape of Slack's view.state, and
// carries clicks to the server.
import { api } from './api.js';
import { patchChildren } from './dom.js';
import { blockItem } from './blocks.js';
import { store } from './store.js';
import { t } from './words.js';

const INITIAL = {
  plain_text_input: (e) => ({ value: e.initial_value ?? null }),
  email_text_input: (e) => ({ value: e.initial_value ?? null }),
  url_text_input: (e) => ({ value: e.initial_value ?? null }),
  number_input: (e) => ({ value: e.initial_value ?? null }),
  rich_text_input: (e) => ({ rich_text_value: e.initial_value ?? null }),
  static_select: (e) => ({ selected_option: e.initial_option ?? null }),
  external_select: (e) => ({ selected_option: e.initial_option ?? null }),
  radio_buttons: (e) => ({ selected_option: e.initial_option ?? null }),
  multi_static_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  multi_external_select: (e) => ({ selected_options: e.initial_options ?? [] }),
  checkboxes: (e) => ({ selected_options: e.initial_options ?? [] }),
  users_select: (e) => ({ selected_user: e.initial_user ?? null }),
  multi_users_select: (e) => ({ selected_users: e.initial_users ?? [] }),
  channels_select: (e) => ({ selected_channel: e.initial_channel ?? null }),
  multi_channels_select: (e) => ({ selected_channels: e.initial_channels ?? [] }),
  conversations_select: (e) => ({ selected_conversation: e.initial_conversation ?? here(e) }),
  multi_conversations_select: (e) => ({ selected_conversations: e.initial_conversations ?? [here(e)].filter(Boolean) }),
  datepicker: (e) => ({ selected_date: e.initial_date ?? null }),
  timepicker: (e) => ({ selected_time: e.initial_time ?? null, timezone: e.timezone ?? store.timezone }),
  datetimepicker: (e) => ({ selected_date_time: e.initial_date_time ?? null }),
  file_input: () => ({ files: [] }),
};

const here = (e) => (e.default_to_current_conversation && store.place.channel) || null;

/** keyOf identifies a block on its surface. */
export const keyOf = (block, i) => block.block_id ?? `${block.type}-${i}`;

/** stateful lists the elements of a block that hold a value. */
function stateful(block) {
  const all = block.type === 'input' ? [block.element] : block.type === 'section' ? [block.accessory] : block.type === 'actions' ? block.elements : [];
  return (all ?? []).filter((e) => e && INITIAL[e.type]);
}

export class Surface {
  /** container names the place as /ui/action wants it; onChange(block id) runs after every entry. */
  constructor(container, onChange = () => {}) {
    this.container = container;
    this.onChange = onChange;
    this.values = {};
    this.errors = {};
    this.blocks = [];
    this.sending = false; // while submitted, when all values go along anyway
  }

  /** draw shows blocks in host. saved is what the server remembers of the person's entries. */
  draw(host, blocks, saved = {}) {
    this.blocks = blocks ?? [];
    this.adopt(saved);
    patchChildren(host, this.blocks.map((block, i) => blockItem(this, block, keyOf(block, i))));
  }

  // adopt keeps an entry when its block_id, action_id and type stay, as Slack
  // does; others start from what the server remembers or the initial value.
  adopt(saved) {
    const next = {};
    this.blocks.forEach((block, i) => {
      const id = keyOf(block, i);
      for (const e of stateful(block)) {
        const mine = [this.values[id]?.[e.action_id], saved?.[id]?.[e.action_id]].find((v) => v?.type === e.type);
        (next[id] ??= {})[e.action_id] = mine ?? { type: e.type, ...INITIAL[e.type](e) };
      }
    });
    this.values = next;
  }

  value(id, element) {
    return this.values[id]?.[element.action_id] ?? { type: element.type };
  }

  /**
   * enter remembers a new value. Outside input blocks, and in those with
   * dispatch_action, it also tells the bot unless dispatch is false.
   */
  enter(id, block, element, value, dispatch = true) {
    const full = { type: element.type, ...value };
    (this.values[id] ??= {})[element.action_id] = full;
    delete this.errors[id];
    this.onChange(id);
    if (dispatch && (block.type !== 'input' || block.dispatch_action)) this.act(id, element, full);
  }

  /** act sends a block action; it resolves when the server has answered. */
  async act(id, element, action) {
    try {
      const answer = await api.action({
        container: this.container,
        block_id: id,
        action_id: element.action_id,
        action: { ...action, block_id: id, action_id: element.action_id },
        values: this.values,
      });
      if (answer.ok === false && !this.left()) store.notice(answer.error || t('trouble'));
    } catch (err) {
      store.notice(err.message || t('trouble'));
    }
  }

  // left: the form was submitted or closed while a change was on its way.
  left() {
    return this.container.type === 'view' && store.views.at(-1)?.id !== this.container.view_id;
  }

  /** suggest asks for an external select's options: [{label, options}]. */
  async suggest(id, element, typed) {
    const answer = await api.suggest({ container: this.container, block_id: id, action_id: element.action_id, value: typed });
    return answer.option_groups ?? [{ options: answer.options ?? [] }];
  }
}
