// What "United Nations practice" means for this simplified drawing: every departure from Natural Earth, with its reason.
// Coordinates are degrees east and north, simplified by hand to the detail of 1:110 million from the public-domain
// Natural Earth layer "admin 0 breakaway and disputed areas" 1:50 million, unless a comment says otherwise.

/** Parts that are taken out of an area. `from` and `to` are vertices of its outline, `path` runs inside it. */
export const cuts = [
  // Jammu and Kashmir: final status not yet agreed upon by the parties (note on United Nations maps).
  { of: 'IND', as: 'jammu-kashmir', from: [75.26, 32.27], to: [78.46, 32.62], probe: [76.5, 33.9],
    path: [[75.9, 32.7], [76.1, 32.95], [76.7, 33.14], [77.2, 32.85], [77.75, 32.93], [77.98, 32.63], [78.38, 32.55]] },
  { of: 'PAK', as: 'jammu-kashmir', from: [74.45, 32.77], to: [72.92, 36.72], probe: [75.0, 35.7],
    path: [[73.63, 33.1], [73.58, 33.75], [73.43, 34.4], [74.05, 35.05], [73.7, 35.3], [73.76, 35.5], [73.15, 35.72], [72.97, 35.87], [72.57, 35.9], [72.58, 36.23]] },
  // Aksai Chin: administered by China, claimed by India; United Nations maps give it to neither.
  { of: 'CHN', as: 'aksai-chin', from: [78.81, 33.51], to: [77.84, 35.49], probe: [79.3, 35.0],
    path: [[79.0, 33.98], [79.45, 34.06], [79.53, 34.42], [79.73, 34.5], [80.03, 34.66], [80.2, 35.18], [80.31, 35.56], [79.86, 35.79], [79.36, 35.97], [78.68, 35.87], [78.2, 35.64]] },
  // Arunachal Pradesh / Zangnan: administered by India, claimed by China.
  { of: 'IND', as: 'arunachal-zangnan', from: [92.03, 26.84], to: [97.05, 27.7], probe: [94.5, 28.3],
    path: [[92.62, 26.96], [93.23, 26.88], [93.75, 27.02], [94.2, 27.53], [94.75, 27.68], [95.24, 27.93], [95.31, 28.08], [95.81, 28.24], [96.33, 28.15], [96.83, 27.9]] },
  // Abyei: status not yet determined. Square of the Permanent Court of Arbitration award of 22 July 2009.
  { of: 'SDN', as: 'abyei', from: [27.83, 9.6], to: [29.0, 9.6], probe: [28.4, 9.9], path: [[27.83, 10.16], [28.98, 10.16]] },
  // Hala'ib triangle, between the parallel of 22 N and the administrative boundary of 1902.
  { of: 'EGY', as: 'halaib', from: [34.09, 22.0], to: [35.53, 23.1], probe: [35.6, 22.4], path: [[34.65, 22.25], [35.15, 22.8]],
    insert: { point: [34.09, 22.0], between: [[32.9, 22.0], [36.87, 22.0]], alsoIn: ['SDN'] } },
  // Golan: Security Council resolution 497 (1981). Drawn apart from both neighbours.
  { of: 'ISR', as: 'golan', from: [35.72, 32.71], to: [35.55, 33.26], probe: [35.76, 33.0], path: [[35.62, 32.75], [35.6, 33.0], [35.63, 33.15]] },
  // Western Sahara north of the berm: non-self-governing territory up to 27 40 N.
  { of: 'MAR', as: 'ESH', from: [-8.82, 27.66], to: [-13.12, 27.65], probe: [-13.5, 25.5], path: [] },
];

/** Whole outlines that belong to another code: name in Natural Earth, code here, id of the line that stays dotted. */
export const merges = [
  // Security Council resolution 1244 (1999).
  { name: 'Kosovo', into: 'SRB', line: 'kosovo', between: ['Kosovo', 'SRB'] },
  { name: 'N. Cyprus', into: 'CYP', line: 'cyprus-buffer-zone', between: ['N. Cyprus', 'CYP'] },
  { name: 'Somaliland', into: 'SOM', line: 'somaliland', between: ['Somaliland', 'SOM'] },
];

/** Rings moved from one code to another because a place inside them says so. */
export const moves = [
  // General Assembly resolution 68/262 (2014): territorial integrity of Ukraine. No line is drawn at the isthmus.
  { from: 'RUS', to: 'UKR', at: [34.3, 45.2], line: 'crimea', status: 'not-drawn' },
  { from: 'FRA', to: 'GUF', at: [-53.2, 4.0] },
  { from: 'NOR', to: 'SJM', at: [16, 78.5] },
  { from: 'NOR', to: 'SJM', at: [23, 79.9] },
  { from: 'NOR', to: 'SJM', at: [22.5, 78.0] },
];

/** Outlines that are missing at this detail. Gaza strip: the gap that Natural Earth leaves between coast and Israel. */
export const additions = [{ code: 'PSE', vertices: [[34.27, 31.22], [34.49, 31.61], [34.55, 31.55]] }];

/** Lines between neighbours, by code after cutting; "not-agreed" is dotted. */
export const lines = [
  { id: 'line-of-control-jammu-kashmir', status: 'not-agreed', special: 'line-of-control' },
  { id: 'aksai-chin', status: 'not-agreed', between: [['aksai-chin', 'CHN'], ['aksai-chin', 'IND'], ['aksai-chin', 'jammu-kashmir']] },
  { id: 'arunachal-zangnan', status: 'not-agreed', between: [['arunachal-zangnan', 'CHN'], ['arunachal-zangnan', 'IND']] },
  { id: 'sudan-south-sudan', status: 'not-agreed', between: [['SDN', 'SSD']] },
  { id: 'abyei', status: 'not-agreed', between: [['abyei', 'SDN'], ['abyei', 'SSD']] },
  { id: 'halaib', status: 'not-agreed', between: [['halaib', 'EGY'], ['halaib', 'SDN']] },
  { id: 'western-sahara', status: 'not-agreed', between: [['ESH', 'MAR']] },
  { id: 'golan', status: 'not-agreed', between: [['golan', 'ISR'], ['golan', 'SYR']] },
  { id: 'west-bank-gaza', status: 'not-agreed', between: [['PSE', 'ISR']] },
  { id: 'korea-military-demarcation-line', status: 'not-agreed', between: [['PRK', 'KOR']] },
];

/** Areas whose own figure, when there is none, is that of another on the map (designations come from the areas pack). */
export const within = { TWN: 'CHN' };

/** Areas that no layer of world-atlas shows apart: [code, longitude, latitude], main settlement or middle. */
export const extraPoints = [
  ['GLP', -61.5, 16.2], ['MTQ', -61.0, 14.65], ['MYT', 45.15, -12.8], ['REU', 55.5, -21.1], ['BES', -68.3, 12.2],
  ['BVT', 3.35, -54.42], ['CCK', 96.85, -12.15], ['CXR', 105.65, -10.5], ['TKL', -171.8, -9.2],
];

/** Longitude, latitude, expected answer ("~id" = not assigned, "-" = no area), why. */
export const tests = [
  [34.1, 44.95, 'UKR', 'Simferopol, Crimea'], [33.6, 44.65, 'UKR', 'Sevastopol area, Crimea'], [36.2, 45.3, 'UKR', 'Kerch, Crimea'],
  [35.78, 33.0, '~golan', 'Golan'], [34.82, 32.0, 'ISR', 'near Lod'], [35.25, 32.2, 'PSE', 'Nablus'], [34.45, 31.5, 'PSE', 'Gaza'],
  [-13.0, 27.1, 'ESH', 'Laayoune'], [-12.5, 26.3, 'ESH', 'Smara area'], [-15.5, 23.7, 'ESH', 'Dakhla area'], [-9.6, 30.4, 'MAR', 'Agadir'], [-10.5, 28.6, 'MAR', 'north of 27 40 N'],
  [28.43, 9.6, '~abyei', 'Abyei town'], [28.4, 10.0, '~abyei', 'Abyei north'], [30.2, 11.0, 'SDN', 'Kadugli area'], [27.4, 8.77, 'SSD', 'Aweil area'],
  [36.3, 22.3, '~halaib', "Hala'ib"], [33.0, 23.5, 'EGY', 'Aswan area'], [36.5, 21.5, 'SDN', 'south of 22 N'],
  [79.3, 35.1, '~aksai-chin', 'Aksai Chin'], [93.6, 27.6, '~arunachal-zangnan', 'Arunachal Pradesh / Zangnan'], [92.3, 27.6, '~arunachal-zangnan', 'Tawang / Dawang'],
  [74.8, 34.1, '~jammu-kashmir', 'Srinagar'], [77.6, 34.2, '~jammu-kashmir', 'Leh'], [74.3, 35.9, '~jammu-kashmir', 'Gilgit'], [77.2, 28.6, 'IND', 'New Delhi'], [73.0, 33.7, 'PAK', 'Islamabad area'],
  [21.0, 42.6, 'SRB', 'Pristina'], [44.1, 9.6, 'SOM', 'Hargeisa'], [45.3, 2.1, 'SOM', 'Mogadishu area'], [33.4, 35.25, 'CYP', 'north of Nicosia'], [33.0, 34.8, 'CYP', 'Limassol area'],
  [121.0, 23.7, 'TWN', 'data code, figure of its own or that of CHN'], [116.4, 39.9, 'CHN', 'Beijing'],
  [-59.0, -51.7, 'FLK', 'Falkland Islands (Malvinas)'], [125.8, 39.0, 'PRK', 'Pyongyang'], [127.2, 37.4, 'KOR', 'south of Seoul'],
  [177.0, 66.0, 'RUS', 'Chukotka, west of 180'], [-173.0, 66.5, 'RUS', 'Chukotka, east of 180'], [-165.0, 64.8, 'USA', 'Alaska'],
  [178.0, -17.8, 'FJI', 'Fiji'], [-52.5, 4.5, 'GUF', 'French Guiana'], [16.0, 78.5, 'SJM', 'Svalbard'], [0.0, -88.0, 'ATA', 'near the south pole'],
  [-30.0, 0.0, '-', 'Atlantic'], [-150.0, 40.0, '-', 'Pacific'],
];
