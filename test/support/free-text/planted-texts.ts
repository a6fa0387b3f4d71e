/**
 * Descriptions into which somebody put who it is about. What stands in «» identifies and must go; all else stays.
 * The first list is found by what the headers say (see `WHO`), the second by shape or context alone, the third has
 * words that nobody can tell apart: they must become findings, and go from the proposal.
 */
export const WHO = {
  AccessionNumber: 'ACC-7788123',
  InstitutionName: 'Musterklinik Beispielstadt',
  InstitutionAddress: 'Beispielallee 17, 99999 Beispielstadt',
  ReferringPhysicianName: 'Zuweiserin^Ottilie^^Dr.',
  PerformingPhysicianName: 'Operateur^Quirin',
  OperatorsName: 'Techniker^Zoltan',
  PatientName: 'Mustermann-Beispiel^Annegret^Xaveria=模範^花子=もはん^はなこ',
  PatientID: 'QX-4711-0815',
  PatientBirthDate: '19571103',
  OtherPatientIDs: '0098123477',
  PatientBirthName: 'Fiktivova^Annegret',
  PatientTelephoneNumbers: '+49 30 5550 4711',
};

export const NAMED_IN_HEADERS: readonly string[] = `
«Mustermann-Beispiel»-CT/Head w/o Contrast
«Mustermann-Beispiel» CT Thorax
«MUSTERMANN-BEISPIEL» CT Thorax
«mustermann-beispiel» ct thorax
«Mustermann Beispiel» CT Thorax
«MustermannBeispiel» CT Thorax
«MUSTERMANNBEISPIEL» CT Thorax
«Mustermann_Beispiel» CT Thorax
CT Thorax «Mustermann»
CT Thorax («Mustermann»)
CT Thorax [«Mustermann»]
CT Thorax: «Mustermann»
CT Thorax / «Mustermann»
CT_Thorax_«Mustermann»
CT.Thorax.«Mustermann»
CT «Annegret Mustermann-Beispiel» Thorax
CT «Mustermann-Beispiel, Annegret» Thorax
CT «Mustermann, Annegret» Thorax
CT «Mustermann, A.» Thorax
CT «A. Mustermann» Thorax
CT «A.X. Mustermann» Thorax
CT «Annegret X. Mustermann» Thorax
CT «Annegret Xaveria Mustermann-Beispiel» Thorax
CT «Mustermann-Beispiel Annegret Xaveria» Thorax
CT «Mustermann^Annegret» Thorax
CT «MUSTERMANN^ANNEGRET^XAVERIA» Thorax
CT «Annegret» Thorax
CT «ANNEGRET» Thorax
CT «Xaveria» Thorax
CT «annegretmustermann» Thorax
CT «AnnegretMustermann» Thorax
CT «Mustermannn» Thorax
CT «Musterman» Thorax
CT «Mustremann» Thorax
CT «Mustermamn» Thorax
CT «Annegrit» Thorax
CT «Annegeret» Thorax
CT «Frau Mustermann» Thorax
CT «Mrs. Mustermann» Thorax
CT «Mrs Mustermann» Thorax
CT «Ms. Annegret Mustermann» Thorax
CT «Mme Mustermann» Thorax
CT «Señora Mustermann» Thorax
MRI Brain «Mustermann» follow up 6 months
MRI Brain of «Annegret Mustermann-Beispiel» with gadolinium
t1_mprage_sag_«Mustermann»
t2_tse_tra_«MUSTERMANN»_fs
«Mustermann»_t2_flair
Head nativ 5.0 «Mustermann»
Chest PA «Mustermann» portable
LUNG 1.25MM «MUSTERMANN»
«Fiktivova» CT Abdomen
CT Abdomen «Fiktivová»
CT Abdomen «Annegret Fiktivova»
CT Abdomen «FIKTIVOVA, ANNEGRET»
CT Abdomen «Dr. Zuweiserin»
CT Abdomen «Dr Zuweiserin»
CT Abdomen «Dr. Ottilie Zuweiserin»
CT Abdomen «O. Zuweiserin»
CT Abdomen «Zuweiserin»
CT Abdomen «ZUWEISERIN»
CT Abdomen «Ottilie»
MR Knee «Operateur»
MR Knee «Quirin Operateur»
MR Knee «Prof. Dr. Operateur»
MR Knee «Prof. Dr. med. Quirin Operateur»
US Thyroid «Techniker»
US Thyroid «Zoltan»
US Thyroid «Zoltan Techniker»
US Thyroid «Z. Techniker»
US Thyroid «TECHNIKER^ZOLTAN»
CT Head «Musterklinik»
CT Head «MUSTERKLINIK BEISPIELSTADT»
CT Head «Musterklinik Beispielstadt»
CT Head «Musterklinik, Beispielstadt»
CT Head «Beispielstadt»
CT Head «Beispielallee 17»
CT Head «QX-4711-0815»
CT Head «QX47110815»
CT Head «QX 4711 0815»
CT Head «qx-4711-0815»
CT Head_«QX-4711-0815»_axial
CT Head «QX_4711_0815»
CT Head «ACC-7788123»
CT Head «ACC7788123»
CT Head «7788123»
CT Head «0098123477»
CT Head «98123477»
CT Head «19571103»
CT Head «1957-11-03»
CT Head «03.11.1957»
CT Head «3.11.1957»
CT Head «03/11/1957»
CT Head «11/03/1957»
CT Head «03-11-1957»
CT Head «3 Nov 1957»
CT Head «Nov 3, 1957»
CT Head «03NOV1957»
CT Head «3. November 1957»
CT Head «DOB 03.11.1957»
CT Head «DOB: 1957/11/03»
CT Head «geb. 03.11.1957»
CT Head «*03.11.1957»
CT Head «+49 30 5550 4711»
CT Head «030 5550 4711»
CT Head «004930 5550 4711»
「«模範花子»」頭部CT
頭部CT «模範花子»
頭部CT «模範 花子»
頭部CT «模範花子様»
頭部CT «花子»
胸部単純 «模範»
頭部CT «もはん はなこ»
頭部CT «モハン ハナコ»
頭部CT «ﾓﾊﾝ ﾊﾅｺ»
`
  .trim()
  .split('\n');

export const TOLD_BY_SHAPE: readonly string[] = `
CT Chest «Dr. Fantasius»
CT Chest «Dr. Fantasius-Blorbo»
CT Chest «Dr. F. Fantasius»
CT Chest «Dr. Zorquib Fantasius»
CT Chest «Doctor Fantasius»
CT Chest «Prof. Fantasius»
CT Chest «Prof. Dr. Fantasius»
CT Chest PD «Dr. Fantasius»
CT Chest «Herr Fantasius»
CT Chest «Herrn Fantasius»
CT Chest «Frau Fantasius»
CT Chest «Frau Dr. Fantasius»
CT Chest «Mr. Fantasius»
CT Chest «Mr Fantasius»
CT Chest «Mrs. Fantasius»
CT Chest «Ms. Fantasius»
CT Chest «MRS FANTASIUS»
CT Chest «Miss Fantasius»
CT Chest «Monsieur Fantasius»
CT Chest «Madame Fantasius»
CT Chest «Sra. Fantasius»
CT Chest «Mr. Head»
CT Chest «Dr. Lung»
CT Chest «Mrs. Contrast»
CT Chest «Dr. J. Head»
CT Chest «Fantasius, Zorquib»
CT Chest «FANTASIUS, ZORQUIB»
CT Chest «Fantasius^Zorquib»
CT Chest «FANTASIUS^ZORQUIB^W»
CT Chest «Zorquib Fantasius, MD»
CT Chest «Fantasius, PhD»
CT Chest «Name: Fantasius»
CT Chest «Patient: Fantasius»
CT Chest «Patient name: Zorquib Fantasius»
CT Chest «Operator: Fantasius»
CT Chest «Tech: Zorquib»
CT Chest «Referring physician Fantasius»
CT Chest «Ref. Dr. Fantasius»
CT Chest «read by Fantasius»
CT Chest «Reported by: Fantasius»
CT Chest «überwiesen von Fantasius»
CT Chest «Befundet von Fantasius»
CT Chest «zorquib@fantasius.example»
CT Chest «z.fantasius@klinik-blorbo.example.org»
CT Chest «zorquib.fantasius+ct@mail.example.com»
CT Chest «http://pacs.fantasius.example/viewer?id=12»
CT Chest «https://www.fantasius.example/a/b»
CT Chest «www.fantasius.example»
CT Chest «fantasius-klinik.de»
CT Chest «pacs.fantasius.org»
CT Chest «192.0.2.17»
CT Chest «192.0.2.17:104»
CT Chest «00:1B:44:11:3A:B7»
CT Chest «MRN 4711081»
CT Chest «MRN: 4711»
CT Chest «MRN#4711»
CT Chest «Pat.-Nr. 4711081»
CT Chest «Patient ID: A4711»
CT Chest «PID 4711081»
CT Chest «Accession 20194711»
CT Chest «Acc# 47110815»
CT Chest «Fallnummer 47110815»
CT Chest «Fall-Nr 47110815»
CT Chest «Case no. 4711081»
CT Chest «SSN 000-12-3456»
CT Chest «000-12-3456»
CT Chest «756.1234.5678.97»
CT Chest «KVNR A123456789»
CT Chest «NHS 943 476 5919»
CT Chest «A1234567»
CT Chest «PAT00012345»
CT Chest «47110815»
CT Chest «471108»
CT Chest «#47110»
CT Chest «1.2.840.99999.4711.8.15»
CT Chest «2.25.329800735698586629295641978511506172918»
CT Chest «Tel. 030 55504711»
CT Chest «Tel: +49 30 55504711»
CT Chest «Phone 555-0147»
CT Chest «(030) 555-0147»
CT Chest «212-555-0147»
CT Chest «+1 212 555 0147»
CT Chest «+33 1 55 50 47 11»
CT Chest «01 55 50 47 11»
CT Chest «ext. 4711»
CT Chest «pager 47110»
CT Chest «Fax 030/55504711»
CT Chest «2019-03-04»
CT Chest «2019/03/04»
CT Chest «20190304»
CT Chest «04.03.2019»
CT Chest «4.3.2019»
CT Chest «4.3.19»
CT Chest «04/03/2019»
CT Chest «04-03-2019»
CT Chest «4 March 2019»
CT Chest «4th of March 2019»
CT Chest «March 4, 2019»
CT Chest «04MAR2019»
CT Chest «4. März 2019»
CT Chest «4 mars 2019»
CT Chest «4 de marzo de 2019»
CT Chest «März 2019»
CT Chest «03/2019»
CT Chest «2019-03»
CT Chest «2019-03-04 10:22»
CT Chest «20190304102233»
CT Chest «10:22:33»
CT Chest «10:22 Uhr»
CT Chest «2019年3月4日»
CT Chest «平成31年3月4日»
CT Chest «H31.3.4»
CT Chest «2019년 3월 4일»
CT Chest «born 1931»
CT Chest «12 Fantasius Street»
CT Chest «12 Old Fantasius Road»
CT Chest «Fantasiusstraße 12»
CT Chest «Fantasiusstr. 12a»
CT Chest «Fantasius-Weg 3»
CT Chest «12 rue de la Fantasius»
CT Chest «P.O. Box 4711»
CT Chest «Postfach 4711»
CT Chest «99999 Fantasiushausen»
CT Chest «D-99999 Fantasiushausen»
CT Chest «Fantasiusville, ZZ 99999»
`
  .trim()
  .split('\n');

export const FOR_A_PERSON_TO_DECIDE: readonly string[] = `
CT Chest «Fantasius»
CT Chest «FANTASIUS»
CT Chest «fantasius»
«Fantasius» CT Chest
«Zorquib Fantasius» CT Chest
CT Chest «Zorquib Fantasius»
CT_Chest_«Fantasius»
CT-Chest-«Fantasius»
CT Chest («Fantasius»)
CT Chest O'«Fantasius»
CT Chest «McFantasius»
CT Chest «Fantasius-Blorbo»
CT Chest «Zörquïb»
CT Chest «ZF4Q»
CT Chest «12345»
CT Chest room «Fantasius»
Knee «Smith»
Knee «Bauer»
Knee «Thomas»
Knee «Mark»
Knee «George»
Knee «Wells»
Knee «Ward»
Knee «Linke»
Knee «Tan»
Knee «Ng»
Knee «Ganz»
Knee «Sim»
Knee «Winter»
Knee «Herbst»
Knee «Kowalski»
Knee «Nguyen»
Knee «Garcia»
Knee «Müller»
Knee «Mueller»
Knee «Dubois»
Knee «Rossi»
Knee «Wang»
Knee «Yamada»
Knee «Phoenix»
Chest «田中»
頭部CT «鈴木一郎»
头部CT «王小明»
흉부 CT «홍길동»
CT грудь
Κεφαλή CT
`
  .trim()
  .split('\n')
  .map((line) => (line.includes('«') ? line : line.replace(/\S*[^\p{ASCII}]\S*/gu, '«$&»').replace('» «', ' ')));
