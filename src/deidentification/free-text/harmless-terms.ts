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
    iabp lvad ett picc`,
  laterality: `left right lt rt lft rgt bilat bilateral bil unilat unilateral both lat lateral lats med medial ap pa ant
    post anterior posterior sup inf superior inferior cranial caudal ll rl lr rao lao rpo lpo lo mlo cc rcc lcc rmlo
    lmlo ml lm xccl xcc spot mag cv rolled prone supine erect upright sitting standing decub decubitus weightbearing
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
    pel pilot marked precision tested tests intensifier bit bits byte bytes text demonstration partial total comp
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
    transverse craniocaudal moved moves moving movement remark remarks`,
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
  protocols: `mddw bold starvibe twistvibe highres lowres iso isotropic anisotropic anisotropy ansio aahead aaspine
    aaknee aashoulder filt filtered filtmag filtpha btfe sbtfe delrec dreg isodwi ddwi vista drive ssfpse pca pctof mfast
    ctpe tavr tavi evar thorroutine headroutine abdroutine abdomenroutine neckroutine spineroutine shoulderroutine
    pelvisroutine track tracked phoenixzipreport ce ceus reformat reformats reformatted reformation reformations imar
    omar smartmar mar pbv ctp ctac ctat mrac mrattn dctac truex ultrahd osemtof tofosem psftof vpfx vpfxs vpht hdfov fov fovs
    field roi rois press steam svs slaser semilaser megapress mrsi voxel voxels linewidth nufft bssfp mrelastography
    elastography elasto stiffness wave waves strain shearwave compressed cslava csbravo airrecon airreco deepresolve
    drb drs smartspeed compressedsense cardiac4d cine2d realtime rtcine lge psirlge ecv molli5 t1map t2map t2starmap
    sax lax ch vla hla svla ventricle stir3d tse3d mvp mvxd vibe3d caipirinha qtse ssftse hires4 fiestac cubeflair
    cubet1 cubet2 promo snap snapit lavaflex idealiq ideal3 wfi multivane starmap venbold disco vibrant vibrantflex
    cosmic fgret fgretx ssepi2 focus muse zoomit zoom zoomed reduced shimbox fieldmap fieldmaps fmap gre2 bfield b0
    b1 afi topup apa pepolar blipup blipdown rpe pe1 sbref moco2 connectome mbep multiband smsep hcp adni abcd ukbb
    restingstate task tapping finger movie nback localiser localisers localizers threeplane planes triplane triplanar
    3plane sagit coron transv axia subtractions mpvrs minips ssdvr srec srecon tissue tissues softtissue endo fly
    through virtual colonography colonoscopy endoscopy bronchoscopy cystoscopy gastroscopy arthroscopy laparoscopy
    smartscore heartflow cafs snapshotfreeze trufi2d haste2 hast twisted spine3d ge4d ctdose dosimetry dosimetric exi
    ei deviation index indices target imagequality ogp erect lrgfld grd bucky buckey tabletop table detector detectors
    plate stand nongrid digital radiograph radiographs plain film films xrays fluoroscopy fluoroscopic fluoro
    store stored roadmap roadmaps road map maps mapping acqs dsas cardiacs runs`,
  procedures: `panorex panoramic opg ceph cephalometric bitewing bitewings periapical periapicals occlusal dentascan
    orthopantomogram swallow esophagram oesophagram esophagogram arthrogram arthrograms arthrography myelogram
    myelography venogram venography fistulogram fistulagram aortogram arteriogram arteriography angiograms lymphogram
    sialogram cystogram cystography urethrogram retrograde antegrade nephrostogram nephrostomy pyelogram cholangiogram
    cholangiography hysterosalpingogram galactogram ductogram discogram defecography defecogram proctogram cystourethrogram
    paracentesis thoracentesis lumbar puncture fna cnb vab vacuum core stereo stereotactic wireloc localisation
    localization placement revision removal exchange insertion embolization embolisation chemoembolization tace tare
    sirt rfa mwa cryo cryoablation vertebroplasty kyphoplasty angioplasty pta ptca pci cabg thrombectomy thrombolysis
    tips ptc ptbd ptcd picc port portacath gtube jtube peg pegj mediport tunneled tunnelled catheter dialysis dobhoff
    ivcfilter line lines wire coil coils coiling clip clips tte tee bubble stress dobutamine contrast echo
    echocardiogram echocardiography transthoracic transesophageal transoesophageal transvaginal transabdominal
    transrectal endovaginal endorectal transcranial translabial transperineal trimester obstetric obstetrical
    gynecologic gynaecological fetal foetal biophysical bpp nuchal translucency anatomyscan growth follicle follicular
    duplex triplex ruq luq rlq llq ruqus fast efast pocus muga hida cck lasix captopril dmsa dtpa mag3 mebrofenin
    sestamibi tetrofosmin thallium technetium tech99 methylene octreotide octreoscan mibg datscan dat pyp leukocyte
    wbc tagged rbc lymphoscintigraphy sentinel emptying gastric esophageal reflux schilling uptake ventilation
    perfusions florbetapir florbetaben flutemetamol amyloid tau fluciclovine axumin pylarify psma dotatate dotatoc
    dotanoc choline fluoride naf rubidium ammonia flurpiridaz fapi fes fet fdopa fltpet myocardial viability
    imrt vmat igrt sbrt sabr srs srt tbi hdr ldr brachytherapy brachy tandem ovoid ovoids ring applicator tangent
    tangents boost electron electrons photon photons proton protons arcs arc isocenter isocentre couch setup 
    simulator hn gtv ctv ptv itv oar oars contour contours drr drrs epid kvcbct mvcbct fraction fractions cone beam
    fundus macula macular retina retinal fluorescein icg fa octa perimetry keratometry pachymetry topography biometry
    slitlamp anterior cornea corneal optic disc disk nerve glaucoma cup slide biopsies histology cytology dermoscopy
    dermatoscopy photo photograph photographs clinicalphoto icu ccu nicu picu er bedside polytrauma
    panscan panct traumascan bodyct scoliosis kyphosis lordosis alignment leglength longleg fullleg hka teleroentgenogram
    boneage scaphoid axillary cephalic caudad tilt angle angled swimmersview patellar notchview judet3 inlet outlet
    scapular ycc trauma2 cau cra lca rcas lmcas lad2 diag1 om1 cto ffrct ifr ivusoct pullback pullbacks outflow inflow
    daily weekly monthly annual qa calibrationscan blank empty warmup phantoms uniformity linearity noise contrastnoise
    mtf snr cnr`,
  findings: `labrum labral tfcc acl pcl mcl lcl meniscus menisci meniscal cuff rotator tear tears torn avulsion strain
    sprain cortical subcortical cortex corticated medullary marrow damaged mitral tricuspid bicuspid regurgitation
    prolapse diagnosis diagnoses encounter encounters osteoporosis osteopenia osteoarthritis arthritis arthrosis
    arthropathy osteomyelitis osteonecrosis necrosis ossifying nonossifying ossification fibroma fibromas prepyloric
    pyloric arteriovenous arterio malformation malformations spondylosis spondylolisthesis spondylitis radiculopathy
    myelopathy sciatica lumbago backache back headache headaches migraine seizure seizures epilepsy dizziness vertigo
    syncope weakness numbness tingling paresis palsy hemiparesis aphasia dementia memory loss tremor tremors ataxia
    neuropathy neuralgia tinnitus hearing vision visual hallucinations confusion delirium fatigue malaise weight
    nausea vomiting diarrhea diarrhoea constipation bloating jaundice ascites hepatitis cirrhosis steatosis fatty
    pancreatitis cholecystitis cholelithiasis choledocholithiasis appendicitis diverticulitis colitis ileitis crohns
    gastritis ulcer ulcers gerd dysphagia dyspnea dyspnoea sob orthopnea wheezing asthma copd emphysema bronchitis
    bronchiectasis fibrosis ild uip nsip interstitial groundglass consolidation atelectasis opacity opacities infiltrate
    infiltrates covid sarcoidosis tuberculosis tb cystic hypertension hypotension htn dm diabetes diabetic hyperlipidemia
    hyperthyroidism hypothyroidism goiter goitre thyroiditis hyperparathyroidism cad chf mi nstemi stemi angina
    cardiomyopathy myocarditis pericarditis endocarditis arrhythmia afib fibrillation flutter tachycardia bradycardia
    murmur valve valvular aneurysmal ectasia tortuous atherosclerosis atherosclerotic calcified calcification
    calcifications plaque plaques stenotic occluded patent patency claudication ischemia ischaemia ischemic infarcts
    hemorrhagic haemorrhage hematoma haematoma contusion concussion laceration pneumomediastinum hydronephrosis
    hydroureter pyelonephritis cystitis nephrolithiasis urolithiasis hematuria haematuria proteinuria renalfailure
    esrd ckd aki bph psa elevated prostatitis torsion varicocele hydrocele cryptorchidism endometriosis adenomyosis
    fibroid fibroids leiomyoma leiomyomas pcos menorrhagia amenorrhea infertility pregnancy pregnant ectopic
    miscarriage viability2 placenta previa lymphadenopathy lymphoma lymphomas leukemia leukaemia myeloma melanoma
    sarcoma carcinoma carcinomas adenocarcinomas squamous glioma gliomas glioblastoma gbm astrocytoma meningioma
    meningiomas schwannoma neuroma adenoma adenomas hemangioma haemangioma hemangiomas lipoma lipomas chondroma
    enchondroma osteoma osteochondroma osteosarcoma chondrosarcoma hcc rcc nsclc sclc crc dcis idc ilc gist net nets
    mets oligomets recurrence recurrent residual remission progression progressive progressing regression response
    responder stablE staging restaging surveillance relatively involving involved involvement possibility discussed
    outlined inferred reaction complication complications remote sinus rhythm sinusrhythm ritmo sinusale multiple
    solitary single several bilaterally unilaterally hypodense hyperdense isodense hypointense hyperintense
    isointense enhancing nonenhancing heterogeneous homogeneous spiculated lobulated irregular well-defined ill defined
    margin margins margins border borders`,
  technical: `od os ou dc pl sw sn hot phys fpd dfr msse pkd eq bw super compact cookie marks ijg dcmtk medcom offis ihe ris pacs his dicom dcm ohif weasis dcm4che orthanc pydicom gdcm itk vtk nifti nii
    dcm2niix mevislab pyjpegls scaled rescaled scaling resample resampled resampling interpolate interpolated
    interpolation converted convert conversion transform transforms transformed transformation proc processed
    postprocessed postprocessing postproc preprocessed unnamed untitled noname nodescription undefined unassigned
    null void placeholder temp tmp old outdated invalid valid rejected reject retake retakes wrong test1 test2 demo1
    counter count counts scene scenes step steps fluorodata dyna ang seconds display timer expos exposures exposure
    xlut voi vois lut palette monochrome1 monochrome2 rgb ybr blue red yellow metal iron rainbow hotiron
    pallete inverted inverse invert flipped flip mirrored rotated rotating rotate cropped crop tiled collage montage
    ai dl cnn algorithm automated automatic semiautomatic manual autocontour autoseg segmented labelmap mask masks
    probability heatmap heat prediction confidence detections nodulecad bidirectional ellipse ellipticalroi arrow
    arrowannotate rectangle freehand polyline ruler rulers caliper calipers angle cobbangle length area circumference
    perimeter xmlsr srdata cornerstone cornerstonetools regression jpeglossless lossylossless jpegls rlelossless
    predictor predictors selection huffman ratio ratios quality factor factors encoder decoder transcoded transcode
    decompressed uncompressed transmitted received imported import export exported outside osh external foreign media
    cd cdrom dvd disc usb cloud scannedin digitized digitised digitizer document documents scanneddoc pdf consent
    requisition requisitions worksheet worksheets tech techs note notes`,
  'german series': `gk cct cta mrt ct kct ktm steinprotokoll bein beine arm arme kalkscore kalk kalkscoring multiparametrisch
    multiparametrische dynamisch dynamische dynamik statisch vitalitat vitalitaet perfusions diffusions spektroskopie
    halsgefasse halsgefaesse handskelett fussskelett skelettstatus ganze ganzes ganzer ganzaufnahme ganzbein
    ganzbeinaufnahme tep htep ktep huft knietep portalvenose portalvenoese venose venoese arterielle arterieller
    parenchymatose nephrographische exkretorische rekonstruiert rekonstruktion rekonstruktionen rekonstruierte
    gewichtet gewichtete t2gewichtet fettgesattigt fettsattigung fettgesaettigt fettunterdruckt dunnschicht
    dunnschichten duennschicht hochauflosend hochaufgelost niedrigdosis lowdosis akquisition messung messungen
    lokalisierer planung planungs planungsct bestrahlungsplanung punktion drainage biopsie gesteuert gesteuerte ctgesteuert
    kontrastmittelgabe kmgabe kmapplikation doppelkontrast kolonkontrast schluck schluckakt breischluck osophagus
    oesophagus magenpassage mdp kolon koloskopie gastroskopie endoskopie bronchoskopie phlebographie arteriographie
    myelographie arthrographie urographie zystogramm miktionsurethrogramm galaktographie panoramaschichtaufnahme
    fernrontgen zahnstatus hemithorax obere untere oberes unteres oberer unterer rechte rechter rechtes linker
    linkes beide beidseitig beidseitige einseitig proximal proximaler distal distaler mediale laterale vordere hintere
    extremitat extremitaten gliedmassen weichteilen oberbauch unterbauch mittelbauch retroperitoneum leiste leisten
    nierenlager harnleiter harnwege harnabfluss schultern ellbogen handwurzel mittelhand mittelfuss fusswurzel
    vorfuss ruckfuss kalkaneus kniescheibe kreuzband kreuzbandruptur meniskus meniskusriss rotatorenmanschette ruptur
    riss distorsion prellung luxation platzwunde schwellung schwindel kopfschmerz kopfschmerzen ruckenschmerzen
    bauchschmerzen brustschmerzen husten fieber atemnot dyspnoe gewichtsverlust synkope krampfanfall epilepsie demenz
    lahmung bewusstlos polytrauma schadelhirntrauma sht hirnblutung hirninfarkt hirntumor bandscheibe bandscheiben
    bandscheibenvorfall spinalkanal spinalkanalstenose skoliose arthrose gelenkerguss osteoporose osteomyelitis abszess
    abszesse ileus appendizitis divertikulitis cholezystitis pankreatitis leberzirrhose leberherd leberherde herd herde
    lungenrundherd rundherd rundherde verschattung infiltrat infiltrate stauung kardiomegalie herzgrosse aortendissektion
    bauchaortenaneurysma schrittmacher katheter zvk zvklage lagekontrolle tubus magensonde thoraxdrainage portsystem
    schritt schritte stufen erste erster zweite zweiter dritte dritter vorher nachher anschliessend zusatzlich`,
  'french series': `tep tepscan tdm irm scanner angioscanner angioirm arthroscanner arthroirm coroscanner uroscanner
    entero enteroirm enteroscanner bili cholangio dacryoscanner dentascanner radiographie radiographies radio radios
    cliche cliches echo echodoppler doppler cardiaque abdomino abdominopelvien abdominopelvienne pelvien pelvienne pelviens
    thoraco abdominal abdominale abdominaux thoraciques lombosacre dorsolombaire cervicale cervicales dorsale lombaires
    mammaire mammaires tronc troncs supra aortique aortiques infra membre membres inferieur inferieurs inferieure
    superieur superieure superieurs bilaterale bilateral unilaterale comparatif comparative corps entier entiere
    parenchyme fenetre fenetres os osseux osseuses parties molles mediastin mediastinal hepatobiliaire hepatiques
    pancreas pancreatique splenique surrenale surrenales renal renaux urinaire urinaires prostate prostatique uterus
    ovaire ovaires testicule testicules thyroide parathyroides artere arteres arterielle arteriels veine veines veineuse
    veineuses portale portal portales precoce precoces tardive tardives equilibre noninjecte injectee injecter sansiv
    aveciv gadolinium iode iodee produitdecontraste digestif opacification baryte lavement transit oesophage estomac
    grele colon colique colo rectum sigmoide appendice foetale grossesse trimestre echographies doigts orteil orteils
    avant bras jambe jambes cuisse femoral femur tibia fibula rotule menisque ligament ligaments epaules coudes poignets
    mains genoux chevilles pieds hanches debout couche assis charge encharge defile axiales fines fine epaisses
    epaisseur reconstructions multiplanaires sagittales coronales frontale frontales oblique obliques traumatisme
    fracture entorse luxation douleur douleurs fievre toux dyspnee cephalee cephalees vertige vertiges avc ischemique
    hemorragique hematome tumeur tumeurs nodules metastases bilan extension surveillance postoperatoire preoperatoire
    urgence urgences etape etapes vingt automatique dose irradiation`,
  'iberian series': `tac tc rm rmn rx tomografia tomografias computada computarizada resonancia ressonancia magnetica
    radiografia radiografias ecografia ecografias ecocardiograma mamografia mamografias gammagrafia densitometria
    angiotac angiotc angiorm uro urotac colangio colangiorm enteroresonancia urografia cistografia histerosalpingografia
    transito craneo cranio cerebral encefalo senos paranasales orbitas oidos oido cuello cervical dorsal
    dorsolumbar lumbosacra lumbosacro sacroiliacas pelvis cadera caderas femur rodillas tobillo tobillos pies manos
    muneca munecas codo codos hombros brazo pierna piernas derecho derechos izquierdo izquierdos ambos ambas
    torax torácico abdomen abdominal abdominopelvico abdominopelvica higado hepatico hepatica bazo rinon rinones renal
    vesicula vejiga prostata utero ovarios testiculos mama mamas tiroides tiroideo corazon cardiaco cardiaca pulmon
    pulmones pulmonar osea oseo oseas huesos hueso partes blandas ventana fase fases arterial venosa portal tardia
    tardio precoz nefrografica excretora equilibrio simple basal dinamica dinamico corte cortes axial axiales fino finos
    gruesos reconstruccion reconstrucciones sagital sagitales coronales oblicua oblicuas contraste contrastado
    contrastada endovenoso oral gadolinio bilateral unilateral frontal perfil carga pie acostado inspiracion espiracion
    urgencia control seguimiento estudio estudios dolor tos fiebre trauma fractura tumor nodulo nodulos quiste quistes
    metastasis accidente infarto hemorragia embarazo cabeca joelho ombro coluna torax mamografia esquerdo esquerda
    direita direito quadril tornozelo punho cotovelo pescoco figado rim rins`,
  'italian series': `tac tc rm rmn rx eco ecografia ecografie ecocolordoppler ecodoppler mammografia scintigrafie
    radiografia radiografie tomografia computerizzata risonanza magnetica angiotc angiorm urotc colangiorm colonscopia
    clisma opaco esofago stomaco tenue transito encefalo cranio massiccio facciale orbite rocche petrose collo colonna
    rachide cervicale dorsale lombare lombosacrale sacroiliache bacino anca anche femore ginocchia ginocchio caviglia
    caviglie piede piedi mano mani polso polsi gomito gomiti spalla spalle omero destro sinistro destra sinistra
    bilaterale bilaterali torace addome superiore inferiore completo fegato milza rene reni vescica prostata utero ovaie
    testicoli mammella mammelle tiroide cuore cardiaca polmone polmoni polmonare polmonari ossa ossea osseo parti molli
    finestra fase fasi arteriosa venosa portale tardiva precoce basale dinamica diretta strato strati sottile sottili
    spesso ricostruzione ricostruzioni sagittale sagittali coronale coronali assiale assiali obliqua mdc contrasto mezzo
    di gadolinio dinamico proiezione proiezioni due tre laterale laterali sotto carico ortopanoramica
    telecuore controllo studio dolore tosse febbre frattura tumore nodulo noduli cisti metastasi infarto emorragia
    gravidanza urgenza`,
  contrastmedia: `magnevist omniscan optimark ablavar vasovist artirem cyclolux clariscan elucirem pixxoscan dotaray
    ultravist iopamiron iopamidol iohexol iodixanol ioversol iomeprol iopromide ioxaglate hexabrix oxilan cysto
    gastrografin gastroview readicat volumen breeza mannitol barium bariumsulfate telebrix conray
    gadobutrol gadoterate gadoteric gadoteridol gadobenate gadoxetate gadopentetate gadodiamide gadopiclenol
    ferumoxytol buscopan glucagon adenosine regadenoson lexiscan persantine atropine nitroglycerin betablocker
    metoprolol saline nacl flush heparin lidocaine sedated unsedated istat creatinine egfr gfr`,
  devices: `siemens healthineers somatom magnetom biograph symbia artis axiom fluorospot senographe
    aquilion aplio ingenia achieva brilliance iqon optima signa revolution lightspeed brightspeed cxdi luminos ysio mobilett medcom philips ge gems toshiba canon hitachi fujifilm fuji carestream agfa konica minolta
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
  横断 横断面 矢状 矢状断 冠状 冠状断 冠状面 矢状面 動脈相 門脈相 静脈相 平衡相 動脈 静脈 動态 肺窓 骨条件 縦隔 強調 强调 加权 像 拡散 灌流 冠動脈 平扫 延迟 延迟期 动脉期 静脉期 门静脉期 强化 弥散 定位 定位像 前后位 薄层 重建 骨窗 软组织窗 両膝 右膝 左膝 下肢 上肢 内耳 副鼻腔 甲状腺 子宮 卵巣 膀胱 胆嚢 胆管 大腸 小腸 胃 食道 再構成 救急 予定 術前 術後 経過観察 定期 스캔 자기공명 재구성 동맥기 정맥기 지연기 관절 척추 유방 軟部 画像 影像 像 系列 扫描 放射線
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
  // Siemens' names of sequences as they run: epfid2d1, tfl3d1, spcir; tin filters; kernels of its photon counters.
  /^(?:ep|epfid|epse|fl|tfl|tse|se|spc|spcir|tir|tirb|tirm|hfl|tfi|swi|fm|h|re|qfl|ci|seepi)[23]d\d{0,3}[a-z]{0,2}$/,
  /^(?:mip|mpr|vrt|minip|cor|sag|ax|axial|tra|sn|v|rv|lv)\d{1,3}$/,
  // Parameters.
  /^(?:b|te|tr|ti|fa|sl|nex|nsa|etl|kv|ma|mas|venc|ph|img|im|se|ser|series|scan|phase|vol|seg|acq|ec|echo|dyn|slice|frame|v|ver|rev|wl|ww|p|i|a|l|r|s|g|e|n|no|nr|day|d|w|wk|month|visit|tp|cycle|c|zone|grade|stage|level|birads|pirads|lirads|tirads|rads|asir|idose|q|sd|fbp|safire|admire|arm|run|set|ct|mr|us|pet|rt|mp)\d{1,4}[a-z]?$/,
  // TNM.
  /^[pcry]{0,2}[tnm][0-4x][a-d]?(?:[nm][0-3x][a-c]?){0,2}$/,
  /^(?:spo|paco|pao|co|h|o|tc|fdg|ga|lu|f|i)\d{1,3}[a-z]?$/,
  /^(?:99m?tc|18f|68ga|177lu|131i|123i|111in|11c|13n|15o)$/,
  /^[ivx]{1,5}[ab]?$/,
];
