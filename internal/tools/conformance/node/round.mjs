// Sends the requests of one round with every client. Usage: node round.mjs PART PROGRAM, with the
// variables that "sandbox serve" prints in the environment.
import { deepStrictEqual } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { clientsOf, stsOf } from './clients.mjs';

const [part, program] = process.argv.slice(2);
const endpoint = process.env.ECS_ACTIVATION_ENDPOINT;
const keys = { accessKeyId: process.env.ALIBABA_CLOUD_ACCESS_KEY_ID, accessKeySecret: process.env.ALIBABA_CLOUD_ACCESS_KEY_SECRET };
const RegionId = 'cn-hangzhou';
let checks = 0, failures = 0, lives = 0, client = '';

function same(what, got, want) {
  checks++;
  try {
    deepStrictEqual(got, want);
  } catch (e) {
    failures++;
    console.error(`FAIL ${client}: ${what}\n${e.message}`);
  }
}

// refused expects an error response with all its fields.
async function refused(call, status, code, action, parameters) {
  const answer = await call(action, { RegionId, ...parameters }).catch(refusal => refusal);
  same(`${action} ${JSON.stringify(parameters)}`, { status: answer.status, code: answer.code }, { status, code });
  for (const field of ['RequestId', 'HostId', 'Message', 'Recommend']) {
    same(`${code} has a ${field}`, typeof answer.data?.[field] === 'string' && answer.data[field] !== '', true);
  }
}

const create = (call, parameters) => call('CreateActivation', { RegionId, ...parameters });
const list = async (call, parameters) => (await call('DescribeActivations', { RegionId, ...parameters })).ActivationList;
const ids = codes => codes.map(code => code.ActivationId);
const sandbox = (...args) => execFileSync(program, ['sandbox', ...args], { stdio: ['ignore', 'pipe', 'pipe'] });

async function life(call) {
  const wanted = {
    InstanceName: 'a:b.c_d-e', Description: "100% ~*'()! +/=&?#中文", InstanceCount: 3, TimeToLiveInHours: 2,
    IpAddressRange: '2001:db8::/32', ResourceGroupId: 'rg-x', ClientToken: `token ${++lives}`,
    Tag: [{ Key: 'k v/部门', Value: '' }, { Key: 'env', Value: 'a+b' }],
  };
  const made = await create(call, wanted), again = await create(call, wanted);
  same('the token brings the same code', [again.ActivationId, again.ActivationCode], [made.ActivationId, made.ActivationCode]);
  await refused(call, 403, 'IdempotentParameterMismatch', 'CreateActivation', { ...wanted, InstanceCount: 4 });
  const [code] = await list(call, { ActivationId: made.ActivationId });
  same('the code as listed', code, {
    ActivationId: made.ActivationId, CreationTime: code.CreationTime, RegisteredCount: 0, DeregisteredCount: 0, Disabled: false,
    InstanceName: wanted.InstanceName, Description: wanted.Description, InstanceCount: 3, TimeToLiveInHours: 2,
    IpAddressRange: wanted.IpAddressRange, ResourceGroupId: 'rg-x',
    Tags: wanted.Tag.map(({ Key, Value }) => ({ TagKey: Key, TagValue: Value })),
  });
  same('its time', Math.abs(Date.parse(code.CreationTime) - Date.now()) < 60e3, true);
  const disabled = await call('DisableActivation', { RegionId, ActivationId: made.ActivationId });
  same('disabled', disabled.Activation.ActivationId, made.ActivationId);
  same('it stays disabled', (await list(call, { ActivationId: made.ActivationId }))[0].Disabled, true);
  const deleted = await call('DeleteActivation', { RegionId, ActivationId: made.ActivationId });
  same('deleted', deleted.Activation.ActivationId, made.ActivationId);
  same('nothing is left', await list(call, {}), []);
}

async function pagings(call) {
  const newest = [];
  for (let i = 0; i < 8; i++) newest.unshift((await create(call, { InstanceName: `web${i % 2}`, Tag: [{ Key: 'n', Value: `${i % 2}` }] })).ActivationId);
  const byNumber = [], byToken = [], sizes = [];
  for (const PageNumber of [1, 2, 3]) {
    const page = await call('DescribeActivations', { RegionId, PageNumber, PageSize: 3 });
    same(`page ${PageNumber}`, [page.TotalCount, page.PageNumber, page.PageSize], [8, PageNumber, 3]);
    byNumber.push(...ids(page.ActivationList));
  }
  same('all by number', byNumber, newest);
  for (let NextToken, n = 0; n === 0 || NextToken; n++) {
    const page = await call('DescribeActivations', { RegionId, MaxResults: 3, ...(NextToken && { NextToken }) });
    byToken.push(...ids(page.ActivationList));
    sizes.push(page.ActivationList.length);
    NextToken = page.NextToken;
  }
  same('all by token', byToken, newest);
  same('codes a page', sizes, [3, 3, 2]);
  const odd = newest.filter((_, i) => i % 2 === 0);
  same('by tag', ids(await list(call, { Tag: [{ Key: 'n', Value: '1' }] })), odd);
  same('by tag key', ids(await list(call, { Tag: [{ Key: 'n' }] })), newest);
  same('by name', ids(await list(call, { InstanceName: 'web1' })), odd);
  same('of another region', await list(call, { RegionId: 'cn-beijing' }), []);
  await Promise.all(newest.map(ActivationId => call('DeleteActivation', { RegionId, ActivationId })));
}

async function refusals(call) {
  const gone = { ActivationId: '00000000-0000-4000-8000-000000000000' };
  for (const [status, code, action, parameters] of [
    [404, 'InvalidRegionId.NotFound', 'CreateActivation', { RegionId: 'cn-atlantis' }],
    [400, 'InstanceName.ExceedLimit', 'CreateActivation', { InstanceName: 'a'.repeat(51) }],
    [400, 'InstanceName.InvalidPattern', 'CreateActivation', { InstanceName: '9web' }],
    [400, 'ActivationDesc.ExceedLimit', 'CreateActivation', { Description: 'x'.repeat(101) }],
    [400, 'ActivationLimitation.Invalid', 'CreateActivation', { InstanceCount: 1001 }],
    [400, 'ActivationTTL.ExceedLimit', 'CreateActivation', { TimeToLiveInHours: 5 }],
    [400, 'AddressRange.InvalidPattern', 'CreateActivation', { IpAddressRange: '10.0.0.0/33' }],
    [400, 'InvalidClientToken.Malformed', 'CreateActivation', { ClientToken: 't'.repeat(65) }],
    [404, 'InvalidResourceGroup.NotFound', 'CreateActivation', { ResourceGroupId: 'group' }],
    [403, 'InvalidStatus.ResourceGroup', 'CreateActivation', { ResourceGroupId: 'rg-creating' }],
    [400, 'InvalidTagKey.Malformed', 'CreateActivation', { Tag: [{ Key: 'aliyun.x', Value: '' }] }],
    [400, 'InvalidTagValue.Malformed', 'CreateActivation', { Tag: [{ Key: 'k', Value: 'http://x' }] }],
    [400, 'MissingParameter.TagKey', 'CreateActivation', { Tag: [{ Value: 'v' }] }],
    [400, 'Duplicate.TagKey', 'CreateActivation', { Tag: [{ Key: 'k', Value: '1' }, { Key: 'k', Value: '2' }] }],
    [400, 'NumberExceed.Tags', 'CreateActivation', { Tag: Array.from({ length: 21 }, (_, i) => ({ Key: `k${i}`, Value: '' })) }],
    [400, 'InvalidParam.PageNumber', 'DescribeActivations', { PageNumber: 0 }],
    [400, 'InvalidParam.PageSize', 'DescribeActivations', { PageSize: 51 }],
    [400, 'InvalidParameter.MaxResults', 'DescribeActivations', { MaxResults: 51 }],
    [400, 'InvalidParameter.NextToken', 'DescribeActivations', { NextToken: 'AAAA' }],
    [404, 'ActivationId.NotFound', 'DisableActivation', gone],
    [404, 'ActivationId.NotFound', 'DeleteActivation', gone],
    [400, 'MissingParameter', 'DeleteActivation', {}],
    [404, 'InvalidInstance.NotFound', 'DeregisterManagedInstance', { InstanceId: 'mi-hz0abcdefghijkl' }],
    [404, 'InvalidAction.NotFound', 'DescribeInstances', {}],
  ]) await refused(call, status, code, action, parameters);
}

// states tests the errors that depend on earlier requests. It leaves codes behind.
async function states(call) {
  const used = await create(call, {});
  sandbox('register', used.ActivationId, used.ActivationCode);
  await refused(call, 403, 'ActivationId.InUse', 'DeleteActivation', { ActivationId: used.ActivationId });
  const [code] = await list(call, { ActivationId: used.ActivationId });
  same('one use', code.RegisteredCount, 1);
  const machines = async () => (await call('DescribeManagedInstances', { RegionId, ActivationId: used.ActivationId })).Instances;
  const [machine] = await machines();
  same('its machine', machine.ActivationId, used.ActivationId);
  const { Instance } = await call('DeregisterManagedInstance', { RegionId, InstanceId: machine.InstanceId });
  same('deregistered', Instance.InstanceId, machine.InstanceId);
  same('no machine is left', await machines(), []);
  const made = [];
  for (let left = 10 - (await list(call, {})).length; left > 0; left--) made.push((await create(call, {})).ActivationId);
  await refused(call, 400, 'ActivationCount.ExceedLimit', 'CreateActivation', {});
  await Promise.all(made.map(ActivationId => call('DeleteActivation', { RegionId, ActivationId })));
}

async function besides(call) {
  const regions = (await call('DescribeRegions', {})).Regions.Region;
  same('regions', regions.map(r => r.RegionId).includes(RegionId), true);
  same('their endpoint', regions[0].RegionEndpoint, new URL(endpoint).host);
  const { AccountAttributeItems } = await call('DescribeAccountAttributes', { RegionId });
  same('the quota', AccountAttributeItems.AccountAttributeItem[0].AttributeValues.ValueItem[0].Value, '10');
}

async function forAll(clients, work) {
  for (const [name, call] of Object.entries(clients)) {
    client = name;
    await work(call);
  }
}

// identities tests wrong keys, temporary keys, and expired temporary keys.
async function identities() {
  const sts = stsOf(endpoint, keys);
  client = 'STS';
  same('the caller', (await sts('GetCallerIdentity', {})).IdentityType, 'RAMUser');
  const role = { RoleArn: 'acs:ram::1234567890123456:role/x', RoleSessionName: 'conformance', DurationSeconds: 900 };
  const { AccessKeyId, AccessKeySecret, SecurityToken } = (await sts('AssumeRole', role)).Credentials;
  const temporary = { accessKeyId: AccessKeyId, accessKeySecret: AccessKeySecret, securityToken: SecurityToken };
  same('the role', (await stsOf(endpoint, temporary)('GetCallerIdentity', {})).IdentityType, 'AssumedRoleUser');
  const wrong = (change, status, code) =>
    forAll(clientsOf(endpoint, { ...temporary, ...change }), call => refused(call, status, code, 'DescribeActivations', {}));
  await forAll(clientsOf(endpoint, temporary), life);
  await wrong({ accessKeySecret: 'wrong' }, 400, 'SignatureDoesNotMatch');
  await wrong({ securityToken: 'wrong' }, 400, 'InvalidSecurityToken.Malformed');
  await wrong({ securityToken: undefined }, 400, 'MissingSecurityToken');
  await wrong({ accessKeyId: 'LTAIsomebody', securityToken: undefined }, 404, 'InvalidAccessKeyId.NotFound');
  sandbox('advance', '15m');
  await wrong({}, 400, 'InvalidSecurityToken.Expired');
}

const clients = clientsOf(endpoint, keys);
const createOf = (status, code, parameters = {}) => call => refused(call, status, code, 'CreateActivation', parameters);
const parts = {
  'machines-full': async () => {
    const made = await create(Object.values(clients)[0], {});
    sandbox('register', made.ActivationId, made.ActivationCode);
    await forAll(clients, createOf(403, 'ManagedInstanceCountExceedLimit'));
  },
  whole: async () => {
    await forAll(clients, async call => { await life(call); await pagings(call); await refusals(call); await besides(call); });
    await identities();
    await forAll(clients, states);
  },
  'known-region': () => forAll(clients, createOf(400, 'RegionId.ApiNotSupported', { RegionId: 'cn-qingdao' })),
  throttle: () => forAll(clients, createOf(400, 'Throttling.User')),
  unavailable: () => forAll(clients, createOf(503, 'ServiceUnavailable')),
  busy: () => forAll(clients, async call => {
    await createOf(500, 'InternalError.Dispatch')(call);
    await createOf(403, 'IdempotentProcessing', { ClientToken: 't' })(call);
  }),
  forbidden: () => forAll(clients, createOf(403, 'Operation.Forbidden')),
  unverified: () => forAll(clients, createOf(403, 'RealNameAuthenticationError')),
};

try {
  await parts[part]();
} catch (e) {
  failures++;
  console.error(`FAIL ${client}:`, e.error ?? e);
}
console.log(`  ${part}: ${checks} checks, ${failures} failed`);
process.exit(failures || !checks ? 1 : 0);
