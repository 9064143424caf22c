// The app's home tab.
import { api } from './api.js';
import { fill, h } from './dom.js';
import { store } from './store.js';
import { Surface } from './surface.js';
import { t } from './words.js';

/** homeTab makes the page of the app; it asks for the view each time it is opened. */
export function homeTab() {
  const blocks = h('div.blocks');
  const empty = h('p.empty-list');
  const node = h('div.home', { testid: 'home', tabindex: '-1' }, empty, blocks);
  let surface = null;
  let shown = null;
  const draw = () => {
    const view = store.home;
    empty.hidden = Boolean(view);
    if (!view) {
      fill(blocks);
      surface = null;
      return;
    }
    const id = `${store.me}/${view.id}`;
    if (shown !== id || !surface) {
      fill(blocks);
      surface = new Surface({ type: 'home', view_id: view.id });
      shown = id;
    }
    surface.draw(blocks, view.blocks, view.state?.values);
  };
  const open = async () => {
    empty.textContent = t('loading');
    draw();
    const before = store.home;
    try {
      const { view } = await api.openHome();
      // An event that came meanwhile is newer than the answer.
      if (view && store.home === before) store.home = view;
    } catch (err) {
      store.notice(err.message);
    }
    empty.textContent = t('emptyHome');
    draw();
  };
  store.on('home', draw);
  return { node, open };
}
