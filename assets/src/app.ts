// What the pages do beyond HTML. Everything here is an addition: each link and form works without it.
import './transport';
import './el/copy';
import './el/dialog';
import './el/draft';
import './el/grid';
import './el/menu';
import './el/palette';
import './el/pick';
import './el/preview';
import './el/reveal';
import './el/run';
import './el/similar';
import './el/step-status';
import './el/steps';
import './el/theme';
import './el/tree';
import { keepTimes } from './el/time';

keepTimes();
