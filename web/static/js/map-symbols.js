// Written by `python -m tests.web.map_symbols`: the symbols and lines of every picture.
export const SYMBOLS = {
  "suspect": "<g transform=\"scale(1)\"><circle r=\"22\" fill=\"#b3401a\" stroke=\"#b3401a\" stroke-width=\"3.5\"/><g fill=\"#ffffff\"><circle cy=\"-6.5\" r=\"5.6\"/><path d=\"M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z\"/></g></g>",
  "convicted": "<g transform=\"scale(1)\"><circle r=\"22\" fill=\"#1b2733\" stroke=\"#1b2733\" stroke-width=\"3.5\"/><circle r=\"17.8\" fill=\"none\" stroke=\"#ffffff\" stroke-width=\"1.8\"/><g fill=\"#ffffff\"><circle cy=\"-6.5\" r=\"5.6\"/><path d=\"M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z\"/></g></g>",
  "person-of-interest": "<g transform=\"scale(1)\"><circle r=\"22\" fill=\"#fdf3dc\" stroke=\"#e69f00\" stroke-width=\"3.5\"/><g fill=\"#7a5200\"><circle cy=\"-6.5\" r=\"5.6\"/><path d=\"M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z\"/></g></g>",
  "child": "<g transform=\"scale(1)\"><path d=\"M-12-21H12L23 0 12 21H-12L-23 0z\" fill=\"#dcecf7\" stroke=\"#0072b2\" stroke-width=\"3.5\" stroke-linejoin=\"round\"/><g fill=\"#0072b2\"><circle cy=\"-6.5\" r=\"5.6\"/><path d=\"M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z\"/></g></g>",
  "child-suspect": "<g transform=\"scale(1)\"><path d=\"M-12-21H12L23 0 12 21H-12L-23 0z\" fill=\"#dcecf7\" stroke=\"#0072b2\" stroke-width=\"3.5\" stroke-linejoin=\"round\"/><g fill=\"#0072b2\"><circle cy=\"-6.5\" r=\"5.6\"/><path d=\"M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z\"/></g><circle cx=\"15\" cy=\"-16\" r=\"8.5\" fill=\"#b3401a\" stroke=\"#ffffff\" stroke-width=\"2\"/><path d=\"M13.8-21.5h2.4l-.4 7h-1.6z\" fill=\"#ffffff\"/><circle cx=\"15\" cy=\"-11.9\" r=\"1.4\" fill=\"#ffffff\"/></g>",
  "victim": "<g transform=\"scale(1)\"><path d=\"M0-24 24 0 0 24-24 0z\" fill=\"#f3e3ee\" stroke=\"#8f4a7c\" stroke-width=\"3.5\" stroke-linejoin=\"round\"/><g fill=\"#8f4a7c\"><circle cy=\"-6.5\" r=\"5.6\"/><path d=\"M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z\"/></g></g>",
  "person": "<g transform=\"scale(1)\"><circle r=\"22\" fill=\"#eef0f2\" stroke=\"#5c6773\" stroke-width=\"3.5\"/><g fill=\"#5c6773\"><circle cy=\"-6.5\" r=\"5.6\"/><path d=\"M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z\"/></g></g>",
  "cleared": "<g transform=\"scale(1)\"><circle r=\"22\" fill=\"#ffffff\" stroke=\"#5c6773\" stroke-width=\"3.5\" stroke-dasharray=\"5 4\"/><g fill=\"#5c6773\"><circle cy=\"-6.5\" r=\"5.6\"/><path d=\"M-10.5 12.5c0-7 4.4-11 10.5-11s10.5 4 10.5 11z\"/></g><circle cx=\"15\" cy=\"-16\" r=\"8.5\" fill=\"#00705a\" stroke=\"#ffffff\" stroke-width=\"2\"/><path d=\"M11.2-16l2.7 3 4.9-5.6\" fill=\"none\" stroke=\"#ffffff\" stroke-width=\"2.4\"/></g>",
  "vehicle": "<g transform=\"scale(1)\"><rect x=\"-21\" y=\"-21\" width=\"42\" height=\"42\" rx=\"7\" fill=\"#ffffff\" stroke=\"#1b2733\" stroke-width=\"3\"/><g fill=\"#1b2733\"><path d=\"M-14 3c0-2 1-3.2 3-3.6l2.7-6.2c.5-1.2 1.5-2.2 3-2.2h10.6c1.5 0 2.5 1 3 2.2l2.7 6.2c2 .4 3 1.6 3 3.6v6h-28z\"/><circle cx=\"-8\" cy=\"10\" r=\"3.6\"/><circle cx=\"8\" cy=\"10\" r=\"3.6\"/><path d=\"M-6.5-1l1.7-4.5h9.6l1.7 4.5z\" fill=\"#ffffff\"/></g></g>",
  "phone": "<g transform=\"scale(1)\"><rect x=\"-21\" y=\"-21\" width=\"42\" height=\"42\" rx=\"7\" fill=\"#ffffff\" stroke=\"#1b2733\" stroke-width=\"3\"/><g fill=\"#1b2733\"><path d=\"M-5.5-14h11a3 3 0 0 1 3 3v22a3 3 0 0 1-3 3h-11a3 3 0 0 1-3-3v-22a3 3 0 0 1 3-3z\"/><rect x=\"-6\" y=\"-10.5\" width=\"12\" height=\"16.5\" fill=\"#ffffff\"/><circle cy=\"10.2\" r=\"1.7\" fill=\"#ffffff\"/></g></g>",
  "place": "<g transform=\"scale(1)\"><rect x=\"-21\" y=\"-21\" width=\"42\" height=\"42\" rx=\"7\" fill=\"#ffffff\" stroke=\"#00705a\" stroke-width=\"3\"/><g fill=\"#00705a\"><path d=\"M0 15C-7 6-11 1.5-11-4.5a11 11 0 0 1 22 0C11 1.5 7 6 0 15z\"/><circle cy=\"-4.5\" r=\"4.2\" fill=\"#ffffff\"/></g></g>",
  "handle": "<g transform=\"scale(1)\"><rect x=\"-21\" y=\"-21\" width=\"42\" height=\"42\" rx=\"7\" fill=\"#ffffff\" stroke=\"#1b2733\" stroke-width=\"3\"/><g fill=\"#1b2733\"><path d=\"M-13-10h26v17h-15l-7 7v-7h-4z\"/><circle cx=\"-7\" cy=\"-1.5\" r=\"2\" fill=\"#ffffff\"/><circle cx=\"0\" cy=\"-1.5\" r=\"2\" fill=\"#ffffff\"/><circle cx=\"7\" cy=\"-1.5\" r=\"2\" fill=\"#ffffff\"/></g></g>",
  "incident": "<g transform=\"scale(1)\"><rect x=\"-21\" y=\"-21\" width=\"42\" height=\"42\" rx=\"7\" fill=\"#ffffff\" stroke=\"#1b2733\" stroke-width=\"3\"/><g fill=\"#1b2733\"><path d=\"M0-15 4-5 15-4.5 6.5 2.5 9.5 13 0 7-9.5 13-6.5 2.5-15-4.5-4-5z\"/></g></g>"
};
export const LINES = {
  "evidence": {
    "words": "Evidence",
    "width": 4.6,
    "dashes": [],
    "faint": false
  },
  "sure": {
    "words": "Intelligence, graded A or B",
    "width": 2,
    "dashes": [],
    "faint": false
  },
  "less sure": {
    "words": "Intelligence, graded C or D",
    "width": 2,
    "dashes": [
      10,
      5
    ],
    "faint": false
  },
  "tentative": {
    "words": "Information, or suspected false (E)",
    "width": 2,
    "dashes": [
      2,
      5
    ],
    "faint": true
  }
};
