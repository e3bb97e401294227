import { chromium } from 'playwright-core';
const base='http://127.0.0.1:8160';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--disable-gpu']});
const who='01a20199-4884-76df-bfd2-10a385bdf2df';
async function go(lang,scheme,width,js=true){
  const c=await b.newContext({baseURL:base,locale:lang,colorScheme:scheme,viewport:{width,height:900},javaScriptEnabled:js});
  const p=await c.newPage();
  p.on('console',m=>{if(m.type()==='error')console.log('console',m.text().slice(0,200))});
  await p.goto({ fi: '/fi/kirjaudu', sv: '/sv/logga-in', en: '/en/sign-in' }[lang]);
  await p.getByRole('button',{name:/Helmi/}).first().click();
  await p.waitForURL((url) => !/kirjaudu|logga-in|sign-in/.test(url.pathname));
  return p;
}
const tag=process.argv[2]||'a';
for (const [lang,scheme,width] of [['fi','light',1280],['sv','dark',390],['en','light',320]]) {
  const p=await go(lang,scheme,width);
  await p.goto('/admin/rules/city/2/whatif?lang='+lang);
  await p.screenshot({path:`/tmp/shot-${tag}-form-${lang}-${width}.png`,fullPage:true});
  await p.fill('[name=from]','1.9.2026'); await p.fill('[name=to]','31.12.2026');
  await p.click('main form button.primary'); await p.waitForLoadState();
  console.log(p.url(), (await p.title()));
  console.log(lang,width,'scrollW',await p.evaluate(()=>document.documentElement.scrollWidth));
  await p.screenshot({path:`/tmp/shot-${tag}-answer-${lang}-${width}.png`,fullPage:true});
  const a=p.locator('#changes tbody th a').first();
  if(await a.count()){await a.click();await p.waitForLoadState();await p.screenshot({path:`/tmp/shot-${tag}-one-${lang}-${width}.png`,fullPage:true});console.log('scrollW',await p.evaluate(()=>document.documentElement.scrollWidth));}
  if(width===1280){await p.goBack();await p.emulateMedia({media:'print'});await p.screenshot({path:`/tmp/shot-${tag}-print.png`,fullPage:true});}
}
await b.close();
