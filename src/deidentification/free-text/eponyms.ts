/**
 * Words of PS3.16's code meanings that are surnames, given names or places (own judgement). They are harmless only in
 * their clinical company ("Hodgkin's lymphoma", "Towne view"); alone they may be somebody.
 */
export const NAMES_AMONG_CLINICAL_WORDS: ReadonlySet<string> = new Set(
  `alaska albers albert albert's alexander america anonyma arcelin ashman bartholin balke barrett bath bauer bauer's
  baum baum's bazett beclere bedlington belgian bengal berlin bernard bernoulli bernthsen bertel bessel blackett
  blalock bloom bode bombay boothby boston bouin bouvier boyd brazil bregma brenner brewerton bright broden broselow
  bruce burman butterworth cahoon caldwell camp campbell canada carlo carnoy chamberlain chassard chausse chebyshev
  chitkara chitty clements cleaves cobb cockcroft cockett cockroft colcher conn couinaud coventry cox damus dandie dane
  danelius dean dinmont dodd dodge dorset dower drever duke dunlap durazol ellestad erie eriksen euler evans ewing
  fallopian fallot ferguson feulgen fisk fitzpatrick fleisch fleischner fontan fouchet framingham francis frank
  fredericia fridericia friedman friend fuchs furo garnet garth gatei gault gaynor geary giacomini giemsa gieson glenn
  goldstein gorlin grant grashey griffon grunwald haas hadlock haigis halifax hall hansel hansmann hart harper harrier
  haustra havana healy helly hellman henschen hereford herford hickey highland hill hirtz hodges hodgkin hoffer hoffman
  hohler holladay holmblad holter horn hough hounsfield hsieh hughston hull huskie iris ischerwood isherwood jack jacks
  james janma janmahasatian jeanty jefferson jenner johnson jones joslin judd judet kandel karelian kasabach kaye keep
  kemp kennedy kerley kovacs kuchendorf kurtz kurzbauer kutta laken lakeland lambert lapin lapine laquerriere lauenstein
  law lawrence lee leeds leishman leonard levenberg lewis leyton lilienfeld lindblom london lorenz louis lowenberg
  lowenstein lutz lysholm manchester marfan marquardt martin mason may mayden mayer mcfee medina meldola mercer merkel
  mertz merz mexico meyer michel miller mobitz mondor moore moran morgan morrison mount nakayama nascet nash naughton
  neelsen neer nehb nelson newfoundland nimrod nolke norfolk norgaard norwich norwood nottingham nyberg olinda olsen
  orlando osaka osborne osler oxford paget paris parkinson parqui parungao pavlov pawlow pearson penner pepper perkins
  persian peter petit phillips pierquin pirie pittsburgh poiseuille poland powell priscoline purkinje quincke rafert
  rafer rastelli raynaud reid rempen rex rhese rhodes richard richardson ringer robert robertson robinson roger
  romanowsky rombo rosa rose rosen rosenberg ross rottweiler runge russel russell rutherford sabbagha samoyed sano
  scheimpflug schiff schonberg schuller schwartz scott senning settegast shepard shepherd shetland shinozuka simon
  simpson skye smith sokolow stafford staging stansel stanley staunig stecher stein stenver stenvers stewart stryker
  sullivan sussman swann swanson taussig taylor teichholz teufel theiler thomas thoms thompson titterington todaro tofts
  tokyo towne trendelenburg turner twining valdini valsalva van vendeen verhoeff victoria vincent waldeyer wallace
  walker walter warren washington waters wayson weber welsh wenckebach werner west wheaten white's wigby wilkins
  williams willis wilson winston wolf wolff wood wright yarkoni york yorkshire young's zanelli zenker ziehl zimmer zobel harris
  cooper dunn wells charles george king sam ganz mark ed`
    .split(/\s+/)
    .map((word) => word.replace(/'s$/, '')),
);

/** What stands behind an eponym, or before it, when it is one. */
export const COMPANY_OF_EPONYMS: ReadonlySet<string> = new Set(
  `syndrome syndromes disease sign view views position projection projections method methods formula equation fracture
  procedure operation shunt anastomosis score scale index classification criteria stage staging type grade ligament
  tube fossa nodes duct gland cyst stain staining lymphoma sarcoma correction maneuver manoeuvre test line lines block
  phenomenon angle node monitor device catheter unit units protocol filter transform distribution law effect deformity
  hernia contracture palsy chorea ataxia hydrocephalus aneurysm node's goiter tumor tumour pouch triangle space canal
  simulation sequence coefficient curve segment segments ring membrane body bodies fibers tract reflex syndrom krankheit
  morbus zeichen fraktur aufnahme klassifikation signe maladie incidence st saint`.split(/\s+/),
);
