// Notes that stand under a map when its extent meets theirs: id, west, south, east, north (degrees), en, zh.
// Notes named in `world` stand under world maps too, as on United Nations maps; the others under regional maps only.
// English: texts of United Nations maps (ST/AI/189/Add.25/Rev.1 and notes of the Geospatial Information Section).
// {operator} is the slot for whoever runs the deployment.
export const notes = [
  ['disclaimer', -180, -90, 180, 90,
    'The boundaries and names shown and the designations used on this map do not imply official endorsement or acceptance by {operator}.',
    '本地图所示边界和名称以及所用称谓并不意味着{operator}正式认可或接受。'],
  ['dotted', -180, -90, 180, 90,
    'Dotted lines show boundaries that are not agreed.', '虚线表示尚未商定的边界。'],
  ['jammu-kashmir', 72, 32, 80.5, 37.2,
    'Dotted line represents approximately the Line of Control in Jammu and Kashmir agreed upon by India and Pakistan. The final status of Jammu and Kashmir has not yet been agreed upon by the parties.',
    '虚线大致为印度和巴基斯坦议定的查谟和克什米尔控制线。各当事方尚未就查谟和克什米尔的最终地位达成协议。'],
  ['sudan-south-sudan', 23, 8, 34.5, 13,
    'Final boundary between the Republic of the Sudan and the Republic of South Sudan has not yet been determined.',
    '苏丹共和国与南苏丹共和国之间的最后边界尚未确定。'],
  ['abyei', 27.5, 9, 29.2, 10.5, 'Final status of the Abyei area is not yet determined.', '阿卜耶伊地区的最后地位尚未确定。'],
  ['falkland-malvinas', -62, -53, -57, -50.5,
    'A dispute exists between the Governments of Argentina and the United Kingdom of Great Britain and Northern Ireland concerning sovereignty over the Falkland Islands (Malvinas).',
    '阿根廷政府与大不列颠及北爱尔兰联合王国政府对福克兰群岛（马尔维纳斯）的主权存在争议。'],
  ['kosovo', 19.9, 41.7, 22, 43.4,
    '* References to Kosovo shall be understood to be in the context of Security Council resolution 1244 (1999).',
    '* 凡提及科索沃，均应在安全理事会第1244（1999）号决议的框架内理解。'],
  ['china-india', 77, 26, 98, 36.5,
    'Aksai Chin and the eastern sector (Arunachal Pradesh / Zangnan) are drawn without assignment to an area.',
    '阿克赛钦和东段（藏南/阿鲁纳恰尔邦）的绘制不归属任何地区。'],
  ['western-sahara', -17.5, 20.5, -8, 28, 'Western Sahara: Non-Self-Governing Territory.', '西撒哈拉：非自治领土。'],
  ['golan', 35.4, 32.5, 36.1, 33.5, 'Golan: see Security Council resolutions 242 (1967) and 497 (1981).', '戈兰：见安全理事会第242（1967）号和第497（1981）号决议。'],
  ['crimea', 32.3, 44.2, 36.8, 46.4,
    'Crimea: see General Assembly resolution 68/262 on the territorial integrity of Ukraine.', '克里米亚：见大会关于乌克兰领土完整的第68/262号决议。'],
  ['korea', 124.5, 37, 130, 39, 'Korea: the dotted line is the military demarcation line.', '朝鲜半岛：虚线为军事分界线。'],
];

export const world = new Set(['disclaimer', 'dotted', 'jammu-kashmir', 'sudan-south-sudan', 'abyei', 'falkland-malvinas']);
