import { render } from 'preact';
import { App } from './app.tsx';
import { connect } from './live.ts';
import { applyTheme } from './theme.ts';
import { followTitle } from './title.ts';

applyTheme();
followTitle();
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
void connect();
