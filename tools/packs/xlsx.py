"""Minimal xlsx reader from the standard library: sheets as lists of rows of text."""
import zipfile, re, xml.etree.ElementTree as ET
M='{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
R='{http://schemas.openxmlformats.org/officeDocument/2006/relationships}'
def col(ref):
    n=0
    for c in ref:
        if c.isalpha(): n=n*26+ord(c.upper())-64
        else: break
    return n-1
def read(path):
    z=zipfile.ZipFile(path)
    shared=[]
    if 'xl/sharedStrings.xml' in z.namelist():
        for si in ET.fromstring(z.read('xl/sharedStrings.xml')).iter(M+'si'):
            shared.append(''.join(t.text or '' for t in si.iter(M+'t') ))
    rels={r.get('Id'):r.get('Target') for r in ET.fromstring(z.read('xl/_rels/workbook.xml.rels'))}
    out={}
    for s in ET.fromstring(z.read('xl/workbook.xml')).iter(M+'sheet'):
        t=rels[s.get(R+'id')]; t=t[1:] if t.startswith('/') else 'xl/'+t
        rows=[]
        for r in ET.fromstring(z.read(t)).iter(M+'row'):
            cells=[]
            for c in r.iter(M+'c'):
                i=col(c.get('r')) if c.get('r') else len(cells)
                while len(cells)<=i: cells.append('')
                v=c.find(M+'v'); ty=c.get('t')
                if ty=='s': cells[i]=shared[int(v.text)] if v is not None else ''
                elif ty=='inlineStr': cells[i]=''.join(t.text or '' for t in c.iter(M+'t'))
                else: cells[i]=v.text if v is not None and v.text else ''
            n=int(r.get('r') or len(rows)+1)
            while len(rows)<n-1: rows.append([])
            rows.append(cells)
        out[s.get('name')]=rows
    return out
