#!/usr/bin/env python3
"""Counts the tests of these files apart from the product's own reader, into expected.csv.

Only Python's own parsers are used. Where a tool writes totals, the count must agree with them."""

import collections, csv, glob, json, re
import xml.etree.ElementTree as xml

def tag(element): return element.tag.rsplit('}', 1)[-1]
def leaves(root, name): return [e for e in root.iter() if tag(e) == name]

def trx(path):
    root = xml.parse(path).getroot()
    states = [e.get('outcome') for e in leaves(root, 'UnitTestResult')]
    counters = leaves(root, 'Counters')[0]
    assert len(states) == int(counters.get('total')), path
    return states

def nunit(path):
    root = xml.parse(path).getroot()
    states = [e.get('result') for e in leaves(root, 'test-case')]
    assert len(states) == int(root.get('total')), path
    return states

def xunit(path): return [e.get('result') for e in leaves(xml.parse(path).getroot(), 'test')]

def ctrf(path):
    results = json.load(open(path))['results']
    states = [t['status'] for t in results['tests']]
    assert len(states) == results['summary']['tests'], path
    for name in ('passed', 'failed'):
        assert states.count(name) == results['summary'][name], path
    return states

def cucumber(path):
    states = []
    for feature in json.load(open(path)):
        for element in feature['elements']:
            if element.get('type') == 'background': continue
            found = {s['result']['status'] for s in element['steps']}
            bad = found - {'passed', 'skipped'}
            states.append('failed' if bad else 'skipped' if 'skipped' in found else 'passed')
    return states

def playwright(path):
    data, states = json.load(open(path)), []
    def walk(suite):
        for spec in suite.get('specs', []): states.extend(t['status'] for t in spec['tests'])
        for inner in suite.get('suites', []): walk(inner)
    for suite in data['suites']: walk(suite)
    for name in ('expected', 'unexpected', 'skipped', 'flaky'):
        assert states.count(name) == data['stats'][name], path
    return states

def go(path):
    begun, states, packages = set(), [], {}
    for line in open(path):
        if not line.startswith('{'): continue
        event = json.loads(line)
        key = (event['Package'], event.get('Test'))
        if event['Action'] == 'run': begun.add(key)
        if event['Action'] in ('pass', 'fail', 'skip'):
            if key[1]:
                begun.discard(key); states.append(event['Action'])
                if event['Action'] == 'fail': packages[key[0]] = True
            elif event['Action'] == 'fail':
                left = [k for k in begun if k[0] == key[0]]
                begun -= set(left); states += ['fail'] * len(left)
                # A package that failed without a test could not be built.
                if not left and not packages.get(key[0]): states.append('fail')
    return states

def tap(path):
    text = open(path).read()
    totals = dict(re.findall(r'^# (tests|suites|pass|fail)\s+(\d+)$', text, re.M))
    states, parents, deeper = [], 0, 0
    for line in text.splitlines():
        point = re.match(r'( *)(not )?ok \d+(.*)', line)
        if not point: continue
        depth, inside = len(point[1]), deeper > len(point[1])
        deeper = depth
        if inside:  # only repeats its subtests
            parents += 1
            continue
        skipped = re.search(r'[^\\]# (SKIP|TODO)', point[3], re.I)
        states.append('skipped' if skipped else 'failed' if point[2] else 'passed')
    assert len(states) + parents == int(totals['tests']) + int(totals.get('suites', 0)), path
    return states

def allure(folder):
    latest = {}
    for path in glob.glob(folder + '/*-result.json'):
        result = json.load(open(path))
        key = result.get('historyId') or result['uuid']
        if key not in latest or latest[key]['stop'] <= result['stop']: latest[key] = result
    return [r['status'] for r in latest.values()]

PASSED = {'passed', 'Passed', 'Pass', 'pass', 'expected', 'flaky'}
SKIPPED = {'skipped', 'pending', 'other', 'Skipped', 'Skip', 'skip', 'NotExecuted', 'Inconclusive', 'Pending', 'undefined', 'unknown'}
rows = []
for name, count in [('allure', allure), ('ctrf', ctrf), ('cucumber', cucumber), ('go', go), ('nunit', nunit),
                    ('playwright', playwright), ('tap', tap), ('trx', trx), ('xunit', xunit)]:
    for path in sorted(glob.glob(name + '/*')):
        states = collections.Counter(
            'passed' if s in PASSED else 'skipped' if s in SKIPPED else 'failed' for s in count(path))
        rows.append([path, sum(states.values()), states['passed'], states['failed'], states['skipped']])
with open('expected.csv', 'w', newline='') as out:
    csv.writer(out, lineterminator='\n').writerows([['file', 'tests', 'passed', 'failed', 'skipped'], *rows])
