// Words of four letters or more in at least three code meanings of the DICOM context groups (PS3.16), animal breeds and
// organisms left out. Rarer ones are not taken: many of those are names of people (eponyms).
// DICOM PS3.3, PS3.4, PS3.6, PS3.15, PS3.16, © NEMA. Tables of facts, transcribed; the official text is at https://www.dicomstandard.org.

export const CLINICAL_WORDS: string = (
  'aapm abdomen abdominal abdominis abducens abductor ablation abnormal abnormality abnormally above abscess ' +
  'absence absent absolute absorbed acceleration accessory accident accreditation accumulated acessorius ' +
  'acetabular acetate achieved acid acoustic acquired acquisition action actionable activation active activity ' +
  'acuity acute added addendum additional adductor adenocarcinoma adenoid adenoma adenosine adenosis adjusted ' +
  'adjustment administered administration admission adrenergic adult adventitial adverse after agent airflow ' +
  'airway alaeque alax albumin alcohol alert alexander algorithm algorithms alignment alizarin allergy alloy ' +
  'alpha alternate aluminum alveolar american amnion amount amplitude analyses analysis anastomosis anatomic ' +
  'anatomical anatomy anconeus anesthesia anesthetic aneurysm angina angiography angioplasty angle angular ' +
  'anguli aniline animal anisotropy ankle annotation annotations annulus anomalous antagonist antebrachii ' +
  'antecubital anterior anterolateral anteroseptal antiarrhythmic antibiotic antibody antibradycardia antigen ' +
  'antihelix antihistamine antitachycardia anulus anus aorta aortic aortopulmonary aperture apex apical apnea ' +
  'apocrine apparent appendage application applicator apposition approach appropriate approved approximate ' +
  'arbuckle arch architectural arcuate area arrhythmia arterial arteries arteriography arteriosclerosis ' +
  'arteriosus arteriovenous artery articular artifact artifactual artificial ascending asian aspect aspiration ' +
  'assessed assessment assisted associated association assurance astrocytoma asum asymmetric asynchronous ' +
  'atherectomy atheromatous atomic atrial atrioventricular atrium atsm attempted attending attenuation ' +
  'attenuator attribute attributes atypical audio audit auditory augmented auramine auricular auricularis ' +
  'australian authentication automated automatic autorefraction auxiliary available average averaged axial ' +
  'axilla axillaris axillary axis azure back background baffle ball balloon band barium barrett basal base ' +
  'based baseline basic bazett beam bearing beat beats bedding before begin behavior belgian below belt bengal ' +
  'benign best between biceps bicycle bidirectional bifurcation bigeminy bilateral bile biliary biometry biopsy ' +
  'biosafety biplane bipolar birth black bladder blanket bleeding block blocking blood blue blur board body ' +
  'bolus bone bones border borderline both bounding brachial brachialis brachii brachiocephalic brachioradialis ' +
  'brachytherapy bradycardia brain branch brca breast breathing breve brevis bridge brilliant broad bromine ' +
  'bronchial bronchus broselow brown buccinator bulbi bullet bundle buttock bypass calcification calcifications ' +
  'calcified calcium calculated calculation calf calibration callosum camera campbell canadian canal cancer ' +
  'canine canis cannot canthus capillary capitis capsule caput carbon carcinoma carcinosarcoma cardiac ' +
  'cardiology cardiomyopathy cardiothoracic cardiovascular cardioversion care carina carmine carotid carpi ' +
  'cartilage caruncle case cassette casting category catheter catheterization caudal caudate cava cavity celiac ' +
  'cell cells center centered centerline centimeter central cephalic cerebellar cerebral cerebrospinal ' +
  'cerebrovascular certainty cervical cervicales cervicis cervix challenge chamber change changed changes ' +
  'channel characteristics check cheek chest child chin chitty chloride cholesterol choline chord choroid ' +
  'chosen chromic chromium chronic circle circulatory circumference circumferential circumflex circumscribed ' +
  'cisterna citation cited citrate class classification clavicle clean clearance clinical clinically clip ' +
  'clitoris closed closure club cluster coarctation cobalt coccygeus cochlearis code coefficient coherence coil ' +
  'coin colic collection colli collimated collimation collimator colloid colon colonic color column combined ' +
  'comedocarcinoma commissure committee common communicating communication communis compared comparison ' +
  'compensator complete completely complex complexes complications component composed composite composition ' +
  'compound compression computation computed computer computerized concentration concern condition conditions ' +
  'conduction conduit cone configuration configured confluence confocal conformity congenital congestive ' +
  'connected connection considered constant constructed construction consultant consumable consumption contact ' +
  'container containing content context contextual continuity continuous contour contracta contraction contrast ' +
  'control controlled conventional conversion convex coordinate copper coracobrachialis cord cordis core cornea ' +
  'corneal coronal coronary corpus corrected correction correlates correlation cortex corticospinal costal ' +
  'couinaud count counts course cranial craniales cranium creatine creation cresyl cribriform cricothyroideus ' +
  'cross crossed ctdifreeair ctdivol cube cubic cubital cuff culprit current curvature curve cutaneus ' +
  'cyanocobalamin cycle cylinder cyst cystic cytologic cytology dark darkfield data date datetime days death ' +
  'deceleration deciduous decision deconvolution decrease decreased decubitus deep defect defibrillation ' +
  'defibrillator defined definition deflection degeneration degree delay delayed delivered delivery delta ' +
  'deltoideus demarcated dense density dental department dependence depolarizing depression depressor depth ' +
  'derived descending description descriptions descriptor detachable details detected detection detections ' +
  'detector deviation device diabetes diabetic diagnosis diagnostic diagonal diameter diaphragm diaphragma ' +
  'diaphragmatic diaphragmatis diastole diastolic diatrizoate dicom diencephalon difference differential ' +
  'differentiated diffuse diffusion diffusivity digastricus digit digital digitales digiti digitized digitizer ' +
  'digitorum dilatation dilution dimeglumine dimension diode dioxide dipyridamole direct direction directional ' +
  'disapproved disc discharge disconnected discontinued disease diseases disorder dispersion displacement ' +
  'display dissection disseminated dissociation distal distance distant distortion distribution division ' +
  'dizziness dobutamine document does domestic dominance dominant done doppler dorsal dorsales dorsalis dorsi ' +
  'dorsum dose dosimeter dosimetry double down downgaze drug dual duct ductal ductus duodenum duration during ' +
  'dynamic early easi eccentric echocardiography echotexture ectopic edema edge effect effective effort ' +
  'effusion eighth ejection elastic elastography elbow elective electric electrocardiogram electrode electron ' +
  'electrophysiology elevated elevation eleventh ellipse ellipsoid embolism embolization emergency emission ' +
  'emphasis empty encapsulated enclosing encoded ended endocardial endocrine endometrial endorectal endoscopy ' +
  'energy english enhanced enhancement enlarged enrichment entire entity entropy entry environment ' +
  'environmental eosin epicardial epigastric epileptic epileptogenic equal equation equipment equivalent ' +
  'equivocal erector ergometer escape esophageal esophagus esterase estimate estimated estimation estrogen ' +
  'ethyl europium evaluation event events evidence exaggerated examination exceeds excess excision excluding ' +
  'excursion exercise expected expiration expired export exposed exposure extended extension extensor extent ' +
  'external externus extra extracardiac extracted extraction extravasation extremely extremity eyelid eyes ' +
  'fabrication face facial faciales facialis factor factors failed failure fallopian false family fasciae ' +
  'fascicular fasciculus fast fatty feature features feed feeding female femoral femoralis femoris femur ' +
  'ferrous fetal fetlock fetus fetuses fever fiber fibrillation fibrils fibroadenoma fibroelastosis ' +
  'fibroglandular fibromuscular fibrosis fibrosus fibrous fibula fibularis fiducial fiducials field fifth file ' +
  'filled filling film filter filtration finding findings fine finger first fistula fitzpatrick fixation ' +
  'fixative fixed flash flexor flexure floor florbetaben flow fluid fluorescein fluoro fluoroscopy flutter ' +
  'focal focused fold fontan foot foramen force forceps forearm forefoot foreign formula fornix forward fossa ' +
  'four fourth foxhound fraction fractional fractions frame frames frank free freedom frequency from front ' +
  'frontal frontalis fuchsin full function functional fundus funiculus fusion gadolinium gallbladder gallium ' +
  'gamma gantry gastric gastrocnemius gastrointestinal gating gaussian gaze gene general generic genetic ' +
  'genioglossus genitalia genitourinary geometric geometry gestational given gland glandular glcm glenn global ' +
  'glomerular glossopharingeus glutamine gluteal gluteus gmellus gold gracilis grade gradient graft gram graph ' +
  'gray great greater greatest green grey grid griffon groove gross group growth guidance guide guided ' +
  'gynecology hadlock haigis half hallucis hand handling hansmann hard head healthcare heart heated heating ' +
  'heel height held helix hemangioma hematoma hematoxylin hemisphere hemodynamic hemodynamics hemorrhage ' +
  'hemostasis hepatic hepatitis heterogeneous high highly hilar hindfoot histiocytoma histogram histopathology ' +
  'history hold homogeneity homogeneous horizontal hormone horn hospital hound hours housing human humerus ' +
  'hydrochloride hydroxide hyperplasia hypertension hypertensive hypertrophic hyperventilation hypochondriac ' +
  'hypogastric hypoglossus hypointense hypokinesis hypotension hypotensive iauc iaucbn icrp identification ' +
  'identifier identity idioventricular ileal iliac iliohypogastricus iliopsoas illumination illuminator ' +
  'illustration image imager images imaging immersion impaired impedance implant implantable implantation ' +
  'imported impression inadequate inappropriate incisor include including incompetence incomplete incorrect ' +
  'increase increased indeterminate index indian indications indicator indicis indirect indium individual ' +
  'individually induced induction infarction infectious inferior inferioris inferolateral inferomedial ' +
  'inferoseptal infiltrating inflammation inflammatory inflow information infraclavicular infraorbitalis ' +
  'infrared infraspinatus infusion ingredient inguinal inhalation inhibitor initiation injection injector inner ' +
  'innominate input insertion inspiration instance instances instantaneous institution insufficient insulin ' +
  'integral integrated intensity intensive intent interatrial intercostal intercostales interest interface ' +
  'interference interlobar interlock intermediate intermedius internal international internus interossei ' +
  'interpolator interpretation interquartile interspinales interstitial interval intervention interventional ' +
  'interventricular intervertebral intestinal intestine intima intimal into intracoronary intracranial ' +
  'intracystic intraductal intraluminal intramammary intraocular intraoperative intrapulmonary intravascular ' +
  'intravenous intraventricular invasion invasive inverse involved involvement iodide iodinated iodine ' +
  'iodipamide iodohippurate ipsilateral iris iron irradiation irregular irregularities ischemia ischemic ' +
  'ischiadicus islander isocenter isocentric isoelectric isotope isovolumic issuer isthmus item items iterative ' +
  'james japanese jeanty joint joslin jugular junction junctional juvenile keep kennel keratometry kerley ' +
  'kidney kill knee known krypton kurtosis label labeled labeling labii labium laboratory lacrimal lacunar ' +
  'lagrangian lamp landmark language large laringis laryngeal larynx laser last latae lateral laterale ' +
  'lateralis laterality laterals latissimus layer lead leads leaflet lean least left leiomyoma leiomyosarcoma ' +
  'lemniscus length lens lesion less lesser lessoway levator level lidocaine ligament light limb limit limited ' +
  'limiting limits line linear lines linguae lingual lipoma liquid lissamine little liver lobar lobe lobular ' +
  'lobule local localization localized localizer location long longitudinal longum longus longuss loss lossy ' +
  'lower lumbales lumbalis lumbar lumborum lumbosacralis lumbricales lumen luminal luminance lump lumpectomy ' +
  'lunbricales lung lupus luten lutetium lymph lymphadenopathy lymphatic lymphoma machine macular magna ' +
  'magnetic magnification magnus main major male malignancy malignant mammary mammogram mammographic ' +
  'mammography mammoplasty management mandible mandibular mandibularis manganese manifest manipulation ' +
  'manometer manual manufacturer mapping margin marginal marker marrow mask mass masseter mastectomy ' +
  'masticatores mastoid mater material matrix matter maxillaris maxillary maximum maximus mdrd mean measure ' +
  'measured measurement measurements meatus mechanical media medial mediale medialis median mediani medianus ' +
  'mediastinal mediastinum medical medication medicine medium medius meglumine melanoma mellitus membrane ' +
  'membri menopausal menopause menstrual mentalis mercury merz mesenteric mesh metabolic metaplasia metastasis ' +
  'metastatic meterset method methyl methylene methylprednisolone micrometer microscope microscopy microspheres ' +
  'middle mild milliliter millimeter minimi minimum minimus minor minute missing mitral mixed mmhg modality ' +
  'mode model moderate modification modified modifier molar moment monitoring monoclonal months more ' +
  'morphologic morphology most mother motion mount mouse mouth movement movements mucosa mucous multi ' +
  'multifidii multifocal multiparametric multiple multiview muscle musculi musculocutaneus musculoskeletal ' +
  'musculus musculustriceps mustard mylohyoideus myocardial myocardium myogenic nail name naphthol narrative ' +
  'nasal nasi nasolabial nasopharynx native natural nausea navicular near neck necrosis needle negative nehb ' +
  'neonatal neoplasm nerve nervi nervous nervus network neurology neurophysiology neutral ngldm ngtdm ninth ' +
  'niobium nipple nitrate nodal node nodes nodule noise nominal nonalcoholic nonaugmented noncerebral ' +
  'noncontact nonspecific nonuniformity normal normalized nose notch note notification nottingham nuchal ' +
  'nuclear nucleus number numeric nurse nyha object oblique obliquus obscured observable observation observer ' +
  'obstetric obstetrics obstruction obtained obturator obturatorius obtuse occipital occipitofrontalis ' +
  'occlusion occupancy occupation ocular oculi oculomotorius offset oncology only onset opacities opacity open ' +
  'opening operating operation operator ophtalmicus ophthalmic ophthalmoscope opponens optic optical opticus ' +
  'option oral orange orbicularis orbital orbitalis order organ organization orientation orifice origin oris ' +
  'orthogonal orthopedic osaka osseous ostium other outer outflow outline output outside ovarian ovary overall ' +
  'ovulation oxide oxygen pace paced pacemaker pacific pacing paddle page pain pair palate palatine pale ' +
  'palliative palm palmar palmares palmaris palpation pancreas pancreatic pancreaticoduodenal papillary ' +
  'papilloma parallel parameter parameters paraspinal parasternal paratracheal parenchymal parent parietal ' +
  'parotid pars part partial partially particle pass pastern patella patent path pathologic pathology pathway ' +
  'patient pattern peak peau pectineus pectoral pectoralis pediatric peduncle pelvic pelvis penis pentetate ' +
  'percent percentage percentile percutaneous perforating perforator performance performed perfusion ' +
  'pericardial pericardium perimeter perineum period periodic peripheral permanent peroneal peroneus persistent ' +
  'person personal phantom pharmacologic pharmacological pharyngeal pharynx phase phosphatase phosphate ' +
  'photography photon phrenic phrenicus phyllodes physical physician physicist physics physiologic ' +
  'physiological pink piriformis pisa pitch pituitary pixel placed placement placenta plan plane planes planned ' +
  'planning plantae plantar plantares plantaris plaque plastic plate plateau platysma pleura pleural plexus ' +
  'plus point pointer points polarizing pollicis polyp ponceau poor poorly popliteal popliteus population ' +
  'portal portion position positioner positioning positions positive positron possible post postauricular ' +
  'posterior posterolateral posteromedial postoperative potassium potential potentially power predecessor ' +
  'preformed pregnancy pregnant premature premolar preparation prescription present presentation pressure ' +
  'previous primary primitive prior prism probabilistic problem procedure process processing product profile ' +
  'profunda profundus progesterone programmed progressive projection pronator proper property proportional ' +
  'proprii prostaglandin prostate prostatic prosthesis prosthetic protocol proton proximal proximity psychiatry ' +
  'pterygoideus ptis publication puborectalis pudendus pullback pulmonary pulmonic pulsatility pulse pump ' +
  'purple pvdf quadrant quadratus quadriceps qualifier quality quantitative quantity quasiperiodic race racial ' +
  'rack radial radialis radiation radices radioactive radiofrequency radiographic radiography radioisotope ' +
  'radiologic radiology radionuclide radiopharmaceutical radiotherapy radium radius raised ramus range rank ' +
  'rapid rate rating ratio reaction reader real reason reasons rebreathing recall recent receptor recess recist ' +
  'recommendation recommended reconstructable reconstruction record recording recovery rectal rectum rectus ' +
  'recumbent recurrent reduction reference referenced referring reflectance refraction refractive refractory ' +
  'refused regime region regional registrar registration registry regression regurgitant regurgitation ' +
  'reimbursement rejected related relating relational relationship relative relaxation relevant removal removed ' +
  'rempen renal rendering rendition repair replacement report reported reports representation representative ' +
  'request requested requirements research reserve resident resin resistance resolution resolved resonance ' +
  'resource respiration respiratory response rest restenotic restricted restrictive result results resume ' +
  'resurfacing retain retina retinal retinopathy retraction retroillumination retroperitoneal retropharyngeal ' +
  'retrotracheal reversal review rhenium rhodamine rhomboideus rhythm right ring risk risorius role roll rolled ' +
  'rolling room root rose rostral rotation rotational round route routine runs rupture sacrales sacralis ' +
  'sagittal saline salivary salt same sample samples sampling saphenous saphenus sarcoma sartorius saturation ' +
  'scale scalene scalp scan scanner scanning scapula scapulae scapular scar score scoring scottish screening ' +
  'screw scrotum second secondary section sectioning security segment segmental segmentation selected selection ' +
  'selective selenium semimembranosus seminal semispinalis semitendinosus senning sensitivity separation septal ' +
  'septum serial series serratus serum service session setup seventh severe severely severity shade shadow ' +
  'shaft shape shaped shaping sharp shear sheath sheepdog sheet shelter shield shift shinozuka short shortening ' +
  'shorthaired shot should shoulder shunt side sigma sigmoid sign signal signed significance significant ' +
  'silicone silver simulation simultaneous since single sinotubular sinus site situ situation sixth size ' +
  'skeletal skin skull sleep slices slide slit slope slow small smear smoker smoking sodium soft sole soleus ' +
  'solochrome soluble solution sound source space spacing spaniel spatial specialty specific specified specimen ' +
  'speckle spect spectral spectroscopy speed sphere spherical sphincter spiculated spike spikes spinae spinal ' +
  'spinales spinalis spindle spine spinous splenic splenius spot squamous square stable stage staging stain ' +
  'standard standardized stannous staple start started state statement static status stem stenosis stenotic ' +
  'stent stented step stereotactic sternal sternocleidomastoideus sternum stimulation stimulus stomach stop ' +
  'stopped storage strain strategy strength stress stripe stroke stroma strongly strontium structural structure ' +
  'structured structures study subarachnoid subclavian subclavius subcostal subcutaneous subject submandibular ' +
  'submental submission suboptimal subpleural subscapular subscapulares subscapularis subsequent substance ' +
  'subtraction subtype succeeded successful sudan suggestive sulfate summary summation superbreed superficial ' +
  'superficialis superior superioris supernumerary superolateral supinator support supporting suppression ' +
  'supraclavicular supraorbitalis supraspinatus suprasternal supraventricular surae surealis surface surgeon ' +
  'surgery surgical surgically susceptibility suture suvlbm symmetry symptom symptoms syndrome syringe system ' +
  'systemic systole systolic table tachycardia tail take tangential target teaching technetium technique ' +
  'technologist teeth teichholz temperature template temporal temporalis tendon tensor tenth teres terminal ' +
  'terminate terminated termination terrier test testicular testing texture thalamic thallium than therapeutic ' +
  'therapy thermal thermistor thickening thickness thigh third this thoracic thoracici thoracicus thoracis ' +
  'thorax threshold thrombolysis thrombolytic thrombosis thrombus through thumb thymus thyroid tibia tibial ' +
  'tibialis tile tilt time timing tissue tissues titanium title tobacco tokyo tolerance tomography tongue ' +
  'tonsil tooth topical toric total touch tracer trachea tracheal tracheobronchial tracking tract transducer ' +
  'transesophageal transfer transferred transformation transient transit transition translational transluminal ' +
  'transorbital transplant transport transposition transseptal transthoracic transverse transversus trapezius ' +
  'trauma traumatic treadmill treatment trend trendelenburg trial triangle triatriatum triceps tricuspid ' +
  'trigeminal trigeminus triphasic trochlearis true truncated truncus trunk tube tubercle tubular tumor ' +
  'tungsten tunica tunnel type tyroartenoideus ulcerated ulceration ulna ulnar ulnaris ultrasonography ' +
  'ultrasound ultraviolet umbilical uncertain uncertainty under undetermined uniform unilateral unipolar unit ' +
  'units unknown unspecified until unusable upper uptake urethra urethral urinary used user using usual uterine ' +
  'uterus uvula vaginal vagus valsalva value values valve valvular variance vascular vascularity vasculature ' +
  'vastus vector vedotin vein velocity vena venous venter ventilation ventilator ventral ventricle ventricular ' +
  'ventriculogram ventriculography verification version vertebra vertebral vertex vertical very vesicle ' +
  'vesicular vessel vessels vestibularis vestibulocochlearis viability vial video view viii violation violet ' +
  'virus visit visual visualized vital vitelline vitreous vmax voice voiding voltage volume volumetric vulval ' +
  'wall water wave waveform waves wedge week weight weighted well west when white whole width window wing wire ' +
  'with withdrawn within without world wrist xenon xiphoid year yellow york yttrium zone zones zygomaticus'
);
