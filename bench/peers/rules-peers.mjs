// The benchmark policy in Cedar (WebAssembly) and node-casbin: the same requests, the same order. Prints one JSON object: per engine decisions per second of processor time and one bit per decision.
// node rules-peers.mjs FAMILIES CHECKED TIMED: how many role families, how many requests to decide for comparison, how many of them to time.
import { createRequire } from 'node:module';
const require = createRequire(import.meta.url);
const [families, checked, timed] = process.argv.slice(2).map(Number);
const roles = ['case_worker', 'police_liaison', 'statistician', 'dpo'];
const actions = ['read', 'transfer', 'publish', 'link'];
const purposes = ['assistance', 'protection', 'statistics', 'law_enforcement', 'unspecified'];
const bases = ['consent', 'vital', 'mandate', 'none'];

let state = 20240601;
const draw = range => { state = (Math.imul(1664525, state) + 1013904223) >>> 0; return Math.floor(state / 4294967296 * range); };
const next = () => {
  const [user, role, org, clearance, action, record, recordOrg, sensitivity, minor, k, purpose, basis, agreement, adequate, guardian] =
    [500, 4, 4, 5, 4, 5000, 4, 5, 4, 12, 5, 4, 2, 2, 2].map(draw);
  return { role: `${roles[role]}-${user % families}`, org: `o${org}`, clearance, action: actions[action], recordOrg: `o${recordOrg}`, sensitivity, minor: minor === 0, k,
    purpose: purposes[purpose], basis: bases[basis], agreement: agreement === 1, adequate: adequate === 1, guardian: guardian === 1, user, record };
};
const requests = Array.from({ length: Math.max(checked, timed) }, next);

function cedar() {
  const wasm = require('@cedar-policy/cedar-wasm/nodejs');
  const text = [];
  const permit = (action, when) => text.push(`permit(principal, action == Action::"${action}", resource) when { ${when} };`);
  for (let f = 0; f < families; f++) {
    permit('read', `principal.role == "case_worker-${f}" && principal.org == resource.org && (context.purpose == "assistance" || context.purpose == "protection")`);
    permit('read', `principal.role == "statistician-${f}" && context.purpose == "statistics" && resource.sensitivity <= 1`);
    permit('read', `principal.role == "dpo-${f}"`);
    permit('link', `principal.role == "statistician-${f}" && context.purpose == "statistics" && (context.basis == "mandate" || context.basis == "consent") && resource.sensitivity <= 1`);
    permit('transfer', `principal.role == "case_worker-${f}" && context.agreement && context.adequate && (context.basis == "consent" || context.basis == "vital" || context.basis == "mandate")`);
    permit('transfer', `principal.role == "police_liaison-${f}" && context.purpose == "law_enforcement" && context.agreement && resource.sensitivity <= 2`);
    permit('publish', `principal.role == "statistician-${f}" && context.purpose == "statistics" && context.k >= 5`);
    permit('read', `principal.role == "police_liaison-${f}" && context.purpose == "law_enforcement" && principal.clearance >= resource.sensitivity`);
  }
  text.push('forbid(principal, action, resource) when { action != Action::"publish" && principal.clearance < resource.sensitivity };');
  text.push('forbid(principal, action == Action::"transfer", resource) when { resource.minor && !context.guardian };');
  text.push('forbid(principal, action == Action::"publish", resource) when { resource.sensitivity >= 3 };');
  text.push('forbid(principal, action, resource) when { context.purpose == "unspecified" };');
  const parsed = wasm.preparsePolicySet('set', { staticPolicies: text.join('\n'), templates: {}, templateLinks: [] });
  if (parsed.type !== 'success') throw new Error(JSON.stringify(parsed));
  return request => {
    const principal = { type: 'User', id: `u${request.user}` };
    const resource = { type: 'Record', id: `r${request.record}` };
    const answer = wasm.statefulIsAuthorized({
      principal, action: { type: 'Action', id: request.action }, resource, preparsedPolicySetId: 'set', validateRequest: false,
      context: { purpose: request.purpose, basis: request.basis, agreement: request.agreement, adequate: request.adequate, guardian: request.guardian, k: request.k },
      entities: [
        { uid: principal, attrs: { role: request.role, org: request.org, clearance: request.clearance }, parents: [] },
        { uid: resource, attrs: { org: request.recordOrg, sensitivity: request.sensitivity, minor: request.minor }, parents: [] },
      ],
    });
    if (answer.type !== 'success') throw new Error(JSON.stringify(answer));
    return answer.response.decision === 'allow';
  };
}

// Conditions are native functions behind the columns action and role: the quickest way casbin offers; conditions as text (eval) are several times slower.
async function casbin() {
  const { newEnforcer, newModelFromString } = require('casbin');
  const model = newModelFromString(`
[request_definition]
r = req
[policy_definition]
p = action, role, rule, eft
[policy_effect]
e = some(where (p.eft == allow)) && !some(where (p.eft == deny))
[matchers]
m = (p.action == '*' || r.req.action == p.action) && (p.role == '*' || r.req.role == p.role) && holds(p.rule, r.req)
`);
  const conditions = {
    P1: q => q.org === q.recordOrg && (q.purpose === 'assistance' || q.purpose === 'protection'),
    P2: q => q.purpose === 'statistics' && q.sensitivity <= 1,
    P3: () => true,
    P4: q => q.purpose === 'statistics' && (q.basis === 'mandate' || q.basis === 'consent') && q.sensitivity <= 1,
    P5: q => q.agreement && q.adequate && (q.basis === 'consent' || q.basis === 'vital' || q.basis === 'mandate'),
    P6: q => q.purpose === 'law_enforcement' && q.agreement && q.sensitivity <= 2,
    P7: q => q.purpose === 'statistics' && q.k >= 5,
    P8: q => q.purpose === 'law_enforcement' && q.clearance >= q.sensitivity,
    F1: q => q.action !== 'publish' && q.clearance < q.sensitivity,
    F2: q => q.minor && !q.guardian,
    F3: q => q.sensitivity >= 3,
    F4: q => q.purpose === 'unspecified',
  };
  const enforcer = await newEnforcer(model);
  await enforcer.addFunction('holds', (rule, request) => conditions[rule](request));
  const rules = [];
  for (let f = 0; f < families; f++) {
    rules.push(['read', `case_worker-${f}`, 'P1', 'allow'], ['read', `statistician-${f}`, 'P2', 'allow'], ['read', `dpo-${f}`, 'P3', 'allow'], ['link', `statistician-${f}`, 'P4', 'allow'],
      ['transfer', `case_worker-${f}`, 'P5', 'allow'], ['transfer', `police_liaison-${f}`, 'P6', 'allow'], ['publish', `statistician-${f}`, 'P7', 'allow'], ['read', `police_liaison-${f}`, 'P8', 'allow']);
  }
  rules.push(['*', '*', 'F1', 'deny'], ['transfer', '*', 'F2', 'deny'], ['publish', '*', 'F3', 'deny'], ['*', '*', 'F4', 'deny']);
  await enforcer.addPolicies(rules);
  return request => enforcer.enforceSync(request);
}

function run(decide) {
  for (let i = 0; i < Math.min(timed, 200); i++) decide(requests[i]);
  const started = process.cpuUsage();
  for (let i = 0; i < timed; i++) decide(requests[i]);
  const used = process.cpuUsage(started);
  const perSecond = timed / ((used.user + used.system) / 1e6);
  const bits = Buffer.alloc((checked + 7) >> 3);
  let allowed = 0;
  for (let i = 0; i < checked; i++) if (decide(requests[i])) { bits[i >> 3] |= 1 << (i & 7); allowed++; }
  return { perSecond, allowed, bits: bits.toString('base64') };
}

const engines = {};
for (const [name, make] of [['cedar-wasm', cedar], ['node-casbin', casbin]]) {
  try {
    engines[name] = run(await make());
  } catch (failure) {
    engines[name] = { absent: String(failure.message ?? failure).split('\n')[0] };
  }
}
process.stdout.write(JSON.stringify(engines) + '\n');
