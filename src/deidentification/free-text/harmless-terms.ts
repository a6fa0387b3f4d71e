/**
 * Words and forms beside PS3.16's that name nobody (own judgement, reviewed as a table). Lower case, diacritics dropped
 * (ä → a, ß → ss), two letters or more; a single letter says nothing. Numbers are judged apart.
 */
export const HARMLESS_TERMS: Readonly<Record<string, string>> = {
  modalities: `ct mr mri mrt cr dx dr us xa rf nm pt pet spect mg io px rt rtstruct rtplan rtdose rtimage sr ko pr seg
    sc ot ecg eeg ekg sm op opt oct ivus es xc bmd bi dg gm iol kv lp ls smr stain cbct dvt cta mra mrv mrcp erc ercp ctv
    cte mre ctu hrct ldct qct dect spct pcct pcd dexa dsa ivp ivu kub hsg vcug ugi sbft ugis bae be fast cxr axr xr xray
    petct petmr spectct fmri dwi dti dki ivim noddi swi swan asl pcasl pasl dsc dce mrs csi svs perf perfusion qsm mpr
    mip minip mips vrt ssd cpr vr sd mpvr tof pc pcmra cemra twist tricks tweak doppler pw cw tdi cine`,
  contrast: `wo wi wout with without contrast con cont iv ia po pv kg km gd gad gado gadolinium gadovist dotarem
    prohance primovist eovist multihance omnipaque ultravist isovue visipaque imeron iomeron solutrast xenetix accupaque
    optiray oral rectal unenhanced enhanced precontrast postcontrast pre post native plain nativ delayed delay bolus
    timing testbolus carebolus smartprep premonitoring monitoring premon mon tracker preinjection injection inj wash
    washout washin arterial art portal pvp ven venous nephro nephrographic excretory urographic equilibrium late early
    phase phases phasen multiphase biphasic triphasic ap pp mm ml`,
  sequences: `flair stir spair spir tirm haste vibe mprage mp2rage bravo fspgr spgr space cube vista tse fse frfse ssfse
    sshtse hasted ffe tfe tffe bffe sgre gre fgre mpgr merge medic dess ciss fiesta trufi truefisp bssfp ssfp flash fisp
    psif epi ssepi resolve rs msepi propeller blade multivane dixon mdixon ideal flex lava thrive qdwi trace trcw adc
    eadc dadc fa md rd ad tensor rcbf rcbv cbf cbv mtt ttp tmax rbf bvalue bval dir psir molli shmolli modir tirmap
    irse ir se ge tr te ti etl fov nex nsa nav navigator grappa sense asset arc caipi cs ipat pat mtc mt fs fatsat
    fatsup fatsat ws water fat inphase outphase inph opp opposed in out phase mag magn phs pha real imag ph tra trans
    dark blood bb db lge mde gadgetron localizer loc locs scout surview topogram topo scanogram scano calibration cal
    calib asset ref prescan shim testscan survey plan planscan abdsurvey t1 t2 t1w t2w pd pdw t1rho t2star star t2s
    mdc fl tfl rage me mecho multiecho dual echo ssh ms gse tgse spc se2d se3d ir3d fse3d mvxd zte ute petra silent
    quiet star vibe radial spiral kt tagging tag grid syngo smart auto repeat rpt mocoseries moco motion corrected sub
    subtraction subtr subtracted composed composing stitched inline dyn dynamic dynaviews wholebody wb dwib dwibs diff trace traces ep ep2d ep3d pwi mvt`,
  reconstruction: `recon reconstruction reko rekon kernel soft sharp smooth standard std stnd bone boneplus lung edge
    chst detail ultra hires hr hd hdr asir asirv veo mbir safire admire qir idose imr aidr firststep fbp deep aice
    truefidelity pique ld lowdose ulowdose dose doserep dosereport report protocol patientprotocol thin thick thins
    axials ax axs sag sags cor cors coro obl oblique para paraax parasag paracor transversal transv trv axial sagittal
    coronal coronar volume vol vols slab stack slices slice sl slc thk incr increment mas kvp ctdi ctdivol dlp ssde
    monoenergetic mono monoe vmi vnc vncs iodine iodinemap rho zeff mixed de dualenergy dualsource spectral sbi
    multiplanar curved rendering rendered segmentation derived secondary screen save screensave capture snapshot key
    keyimage images image img im series ser serie study exam examination default unspecified unknown none na none other
    misc result results summary overlay fused fusion registered registration reg ac nac attn attc corr uncorr mac
    osem suv body static gated gating ekg prosp retro prospective retrospective bpm rest stress diast syst bestdiast
    bestsyst best calcium score cascore casc calc scoring ffr flow phasecontrast venc`,
  anatomy: `abd abdo abdomen pelv pelvis chest thorax hals neck head kopf brain cerebrum skull cranium orbits orbit
    orbita orbitae sinus sinuses iac iacs pituitary sella hypophysis tmj mandible maxilla dental teeth face facial cspine
    tspine lspine spine csp tsp lsp cs ts ls lws bws hws isg iliosacral sacrum coccyx shoulder humerus elbow forearm
    wrist hand finger fingers thumb hip hips femur thigh knee knees patella tibia fibula calf leg legs ankle foot feet
    toe toes heel calcaneus scapula clavicle sternum ribs rib heart cardiac coronary coronaries aorta aortic carotid
    carotids vertebral cow circle renal renals kidney kidneys liver spleen pancreas bladder prostate uterus ovary ovaries
    testis scrotum rectum rectal colon bowel enterography urogram breast breasts axilla thyroid parathyroid parotid
    larynx pharynx nasopharynx trachea mediastinum hilum lung lungs pleura extremity extremities upper lower le ue lex
    uex joint joints si mri lumbar cervical thoracic cervicothoracic thoracolumbar lumbosacral plexus brachial runoff
    vein veins artery arteries vessel vessels mesenteric iliac femoral popliteal tap cap chap cta nct stone kub tibiofib
    pelvimetry appendix gb gallbladder biliary cbd duct ivc svc lad rca lcx lmca pda av mv tv lv rv la ra lvot ef rvot
    iabp lvad ett ng picc`,
  laterality: `left right lt rt lft rgt bilat bilateral bil unilat unilateral both lat lateral lats med medial ap pa ant
    post anterior posterior sup inf superior inferior cranial caudal ll rl lr rao lao rpo lpo lo mlo cc rcc lcc rmlo
    lmlo ml lm xccl xcc tan spot mag cv rolled prone supine erect upright sitting standing decub decubitus weightbearing
    flex flexion ext extension neutral internal external rot rotation open closed mouth view views vw swimmers swimmer
    sunrise skyline merchant mortise tunnel notch axial grashey odontoid dens frog frogleg crosstable xtable portable
    port hfs ffs hfp ffp hfdr hfdl ffdr ffdl feetfirst headfirst insp inspiration exp expiration breath hold breathhold
    bh fb freebreathing trig triggered resp rt nav side`,
  units: `mm cm dm um nm km ms sec secs msec min mins hr hrs mg kg gm ug mcg mcgkg ml dl mmol mol mci uci bq kbq mbq gbq
    gy mgy cgy mgycm sv msv usv kv kvp ma mas mhz khz ghz hz hu dpi px pix deg degree degrees ppm bpm fps wks wk days
    day week weeks month months year years yr yrs hours hour minutes minute seconds second mmhg cc uch lp dbm db tesla
    pct percent inch inches ft cal kcal kev mev`,
  general: `desc description rescaled form forms seq seqs neuro info information dataset datasets multiframe singleframe
    frame rle odd even unsigned signed lut luts interleaved optimization optimized optimised project projected projection
    pel pilot marked mark precision tested tests intensifier bit bits byte bytes text demonstration partial total comp
    min max avg std mean obli wbs rtp rtplan onc oncology radonc radiology rad cardio pulm gi gu msk vasc vascular
    hematuria claustrophobia claustro pharm pharmacologic pharmacological treadmill exercise mobiview omniscan magnevist
    gadavist clariscan vueway sonovue lumason definity feraheme ablavar lymphoseek xyz gauss gaussian ivcon
    annotation annotations collection output input software use only approved uncalibrated calibrated generated
    version revision structured sample samples simple basic example object combined scrambled grayscale greyscale
    monochrome mono color colour palette pstate pstates presentation simulated synthetic tool tools pixel pixels
    skeletal skeleton mid base lower`,
  english: `a an the and or of for in on at to by per from as is are was were be been being has have had no not non nor
    than then that this these those there here it its with within w vs versus via if else but after before during
    between over under above below through throughout up down into onto off out all any each every both either some
    more most less least few many much other another same new old only also again still now today yesterday tomorrow
    ago since until further see seen show shows shown noted note notes please pls thanks do does did done can could may
    might must shall should will would one two three four five six seven eight nine ten first second third fourth fifth
    last next prior previous follow followup fu fup routine std emergency emerg stat urgent nonurgent clinical history hx
    indication indications reason question questions comment comments comparison compared technique findings finding
    impression conclusion recommendation recommended no known unknown patient patients pt pts he she his her him they
    man woman male female boy girl child adult ped peds pediatric paediatric infant neonate newborn baby y yo year aged
    age sex evaluate eval evaluation assess assessment rule ro status sp postop preop op surgery surgical surg post
    trauma pain swelling fever cough injury fall mva fx fracture fractures tumor tumour tumors mass lesion lesions ca
    cancer mets metastasis metastases metastatic malignancy neoplasm infarct infarction stroke tia hemorrhage bleed
    bleeding ich sah sdh edema abscess infection pneumonia effusion effusions pneumothorax embolism embolus pe dvt
    thrombosis stenosis occlusion aneurysm dissection hernia obstruction sbo stone stones cyst cysts nodule nodules
    biopsy bx guided guidance needle drain drainage ablation stent graft screening scrn diag diagnostic mammo mammogram
    tomo tomosynthesis implant implants displaced disp screening low high normal abnormal negative positive neg pos
    unremarkable stable unchanged increased decreased large small mild moderate severe acute chronic subacute limited
    complete incomplete repeat repeated additional addl extra test testing phantom qa qc demo teaching trial visit
    baseline cycle week month arm cohort screening timepoint tp dose start end begin top bottom mid middle upper lower
    set part step number num nr no id type name level levels spine gating scan scans scanning scanner scanned acq
    acquisition acquired raw data file files copy original primary processed unprocessed presentation processing
    breathold motion artifact artefact artifacts limited degraded suboptimal good poor nondiagnostic coverage research
    sedation anesthesia nil nothing yes ok na tbd lossy lossless compressed jpeg image's performed
    shows demonstrated demonstrates without evidence focal diffuse ventricles midline shift white grey gray matter
    consistent suspicious suspected suspicion likely unlikely probable possible probably possibly cannot exclude
    excluded represent represents compatible clear cleared approximately about which who whom whose what when where
    how because due therefore however although while well dated measuring measures measured size sized diameter
    transverse craniocaudal`,
  german: `der die das den dem des ein eine einer eines einem einen und oder mit ohne von vom zu zum zur im in am an auf
    aus bei beim nach vor uber unter fur durch gegen um bis als wie ist sind war wird werden wurde wurden nicht kein
    keine keinen keiner auch noch nur sehr links rechts beidseits beids bds li re bd seite seitlich quer langs oben unten
    vorne hinten mitte mittig innen aussen kopf schadel schaedel gehirn hirn hals brust bauch becken wirbelsaule
    wirbelsaeule ws hws bws lws isg schulter oberarm ellenbogen unterarm handgelenk hand finger daumen hufte huefte
    hufgelenk oberschenkel knie unterschenkel sprunggelenk osg usg fuss zehe zehen ferse rippen rippe brustbein herz
    lunge lungen leber milz niere nieren nebenniere nebennieren bauchspeicheldruse pankreas galle gallenblase magen darm
    dunndarm dickdarm blase harnblase prostata gebarmutter eierstock hoden schilddruse mamma brustdruse gefasse gefass
    arterie arterien vene venen aorta karotis carotis kiefer ober unter zahn zahne nase nasennebenhohlen nnh auge augen
    ohr felsenbein orbita nacken rucken gelenk gelenke knochen muskel sehne band bander haut weichteile weichteil
    aufnahme aufnahmen untersuchung untersuchungen befund befunde beurteilung fragestellung frage klinik klinische
    klinischer anamnese indikation technik verlauf verlaufskontrolle kontrolle kontroll vergleich voraufnahme vorbefund
    nativ kontrastmittel kontrast km gabe spritze spat fruh arteriell arterielle venos venose portalvenos phase phasen
    axial koronar sagittal transversal schicht schichten schichtdicke dick dunn weich hart weichteilfenster
    knochenfenster lungenfenster fenster scheibe serie serien bild bilder ubersicht uebersicht ubersichtsaufnahme
    durchleuchtung rontgen roentgen sonographie sono ultraschall angiographie szintigraphie mammographie
    computertomographie magnetresonanztomographie kernspintomographie tomographie verdacht va ausschluss zn zustand
    fraktur frakturen bruch tumor tumore raumforderung metastase metastasen metastasierung karzinom krebs lymphknoten
    lk entzundung blutung infarkt schlaganfall thrombose embolie lungenembolie lae stenose verschluss aneurysma zyste
    zysten stein steine erguss pleuraerguss pneumonie pneumothorax odem schmerz schmerzen sturz unfall trauma operation
    op postoperativ praoperativ nachsorge vorsorge staging therapie bestrahlung strahlentherapie chemotherapie patient
    patientin mann frau kind jahre jahr alter geschlecht mannlich weiblich unauffallig auffallig regelrecht normal
    normale normaler pathologisch pathologische kleine kleiner grosse grosser gross klein deutlich gering geringe leicht
    massig schwer akut chronisch liegend stehend sitzend seitenlage bauchlage ruckenlage ebene ebenen gehalten
    belastung funktion funktionsaufnahme drehung beugung streckung atemanhalt atmung einatmung ausatmung exspiration
    inspiration standard programm protokoll notfall ambulant stationar uhr datum heute gestern morgen wurde keine sowie
    bzw ggf evtl ca vgl siehe seitl schrag dors vent prox dist axiale koronare sagittale skelett skelettszintigraphie ganzkorper
    ganzkorperszintigraphie unbekannt fruhphase spatphase insbesondere zw einschl inkl`,
  romance: `le les des du de la une un et ou avec sans pour par sur sous dans au aux est tete crane cerveau cerebral
    cou rachis colonne lombaire dorsal cervical thorax thoracique abdomen pelvis bassin epaule coude poignet main
    doigt hanche genou cheville pied gauche droite droit cote coupe coupes axiale axiales sagittale coronale injecte
    injection produit contraste irm tdm scanner echographie radiographie examen bilan controle suivi recherche sein foie
    rein reins rate vessie poumon poumons coeur arteriel veineux temps tardif face profil incidence
    el los las con sin cabeza cerebro cuello columna hombro rodilla mano pie torax izquierda derecha contraste
    coronarographie scintigraphie mammographie tomoscintigrafia scintigrafia cerebrale cerebrales cerebraux medullaire hepatique renale renales pulmonaire vasculaire osseuse standard
    il con senza mdc addome torace cranio encefalo ginocchio spalla destra sinistra rm tc rx eco`,
  devices: `siemens healthineers philips ge gems toshiba canon hitachi fujifilm fuji carestream agfa konica minolta
    hologic shimadzu mindray samsung esaote bruker varian elekta accuray brainlab merge vital terarecon syngo osirix
    horos mevis visage sectra mim invivo aw dynacad cad icad rapid icometrix`,
};

/** German compounds: the first of these with a second, "s" or "n" between them allowed ("Schädelbasisaufnahme"). */
export const GERMAN_FIRST_PARTS =
  `schadel gehirn hals brust brustkorb bauch abdomen becken wirbel wirbelkorper halswirbel brustwirbel lendenwirbel
  schulter schultereck ellenbogen hand handgelenk finger hufte huft knie sprunggelenk kiefer oberkiefer unterkiefer
  rippen herz lungen lunge leber milz nieren niere nebennieren harnblasen prostata schilddrusen lymphknoten gefass
  arterien venen kontrastmittel kontrast weichteil knochen gelenk gelenks sehnen muskel schmerz tumor metastasen
  thorax mamma mammographie rontgen ultraschall angio schicht fenster verlaufs kontroll nativ belastungs funktions
  ubersichts seiten ziel aufnahme bild serien daten volumen felsenbein orbita nasennebenhohlen kopf`.split(/\s+/);
export const GERMAN_SECOND_PARTS =
  `aufnahme aufnahmen untersuchung untersuchungen gelenk gelenke gelenks saule basis knochen kammer klappe klappen
  arterie arterien vene venen fraktur frakturen tumor tumore tumoren metastase metastasen zyste zysten stein steine
  entzundung blutung embolie infarkt odem erguss verletzung schmerzen schmerz kontrolle verlauf befund befunde fenster
  dicke bild bilder serie serien phase phasen gabe mittel spiegelung punktion biopsie resektion transplantation
  ersatz prothese operation angiographie graphie tomographie sonographie szintigraphie diagnostik screening
  parenchym gewebe wand spitze lappen segment segmente kanal hohle raum volumen lage tiefe hohe breite rekonstruktion
  veranderung veranderungen vergrosserung verkalkung verschluss stenose knoten drusen druse`.split(/\s+/);

/** Unspaced scripts: all characters of a run must belong to these. */
export const HARMLESS_UNSPACED: readonly string[] =
  `头部 头 頭部 頭 頸部 頚部 胸部 胸 腹部 腹 骨盤 骨盆 全身 脳 脑 腦 肺 肺野 心臓 心脏 肝臓 肝 腎臓 肾 膵臓 脾臓
  前立腺 乳房 脊椎 頸椎 頚椎 胸椎 腰椎 颈椎 肩 肘 手 膝 股関節 足 左 右 両側 双侧 正面 側面 侧位 正位 造影 単純 平扫 增强 増強 検査 检查 撮影 断層
  横断 横断面 矢状 矢状断 冠状 冠状断 冠状面 矢状面 動脈相 門脈相 静脈相 平衡相 動脈 静脈 動态 肺窓 骨条件 縦隔 軟部 画像 影像 像 系列 扫描 放射線
  超音波 核医学 診断 所見 年 月 日 時 分 歳 男性 女性 なし あり 有 無 後 前 下 上 の と 및 및의 두부 흉부 복부 골반 경추 흉추 요추 뇌 폐 간 심장
  무릎 어깨 좌 우 좌측 우측 양측 조영 조영제 조영증강 검사 촬영 영상 정면 측면 전신 단순`
    .split(/\s+/)
    .filter((term) => term !== '');

/** Words of letters and digits that name sequences, kernels, levels, measures; tried on the folded word. */
export const HARMLESS_SHAPES: readonly RegExp[] = [
  // Siemens kernels (B40f, Br36, Bv40d, Hr60, I26f, Qr40, FC of Canon: FC13, FC08).
  /^[bhijtudesr]\d{2}[a-z]{0,2}$/,
  /^(?:b[rvlfwm]|h[rvpcfk]|q[rv]|u[rab]|s[abdv]|t[rv]|i[br])\d{2}[a-z]?$/,
  /^fc\d{2}[a-z]?$/,
  /^(?:y[abcde]|ub|ua|uc|ud|ue)$/,
  // Weightings and dimensions.
  /^(?:t[12]|pd|r[12]|t1rho)(?:w|wi|s|star|r|map|tse|fse|se|gre|ffe|tfe|tirm|stir|flair|vibe|haste|space|cube|dixon|fs|spir|spair|fl|mprage|bravo|spgr|ax|sag|cor|tra|tra?)?\d?d?$/,
  /^[234]d(?:t[12]w?|pd|tof|flair|mra|mrcp|cine|pc|vr|mpr|mip|[a-z]{0,3})?$/,
  // Vertebrae, segments, stations.
  /^(?:[clstd]|th|co|sacral)\d{1,2}$/,
  // Numbers with a unit; factors; matrices.
  /^\d{1,4}(?:mm|cm|um|m|ml|mg|mcg|ug|g|kg|l|s|ms|sec|secs|min|mins|h|hr|hrs|t|kv|kvp|ma|mas|hz|mhz|khz|kev|mev|gy|mgy|mci|mbq|gbq|bq|hu|d|deg|w|y|yr|yrs|yo|x|f|fr|ch|pt|st|nd|rd|th|a|p|b|i|e|fps|bpm|mmol|vol|dyn|sl|ph|er|pct|wk|wks|mo|k|j|jahre)$/,
  /^\d{1,4}x\d{1,4}(?:x\d{1,4})?(?:mm|cm)?$/,
  /^x\d{1,3}$/,
  // Parameters.
  /^(?:b|te|tr|ti|fa|sl|nex|nsa|etl|kv|ma|mas|venc|ph|img|im|se|ser|series|scan|phase|vol|seg|acq|ec|echo|dyn|slice|frame|v|ver|rev|wl|ww|p|i|a|l|r|s|g|e|n|no|nr|day|d|w|wk|month|visit|tp|cycle|c|zone|grade|stage|level|birads|pirads|lirads|tirads|rads|asir|idose|q|sd|fbp|safire|admire|arm|run|set|ct|mr|us|pet|rt|mp)\d{1,4}[a-z]?$/,
  // TNM.
  /^[pcry]{0,2}[tnm][0-4x][a-d]?(?:[nm][0-3x][a-c]?){0,2}$/,
  /^(?:spo|paco|pao|co|h|o|tc|fdg|ga|lu|f|i)\d{1,3}[a-z]?$/,
  /^(?:99m?tc|18f|68ga|177lu|131i|123i|111in|11c|13n|15o)$/,
  /^[ivx]{1,5}[ab]?$/,
];
