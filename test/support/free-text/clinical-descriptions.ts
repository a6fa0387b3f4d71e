/** Series, study and protocol descriptions as scanners and radiographers write them. They name nobody: all of each stays. */
export const CLINICAL_DESCRIPTIONS: readonly string[] = `
AX T1 SE POST GAD
Ax T2 FLAIR FS
SAG T1 MPRAGE 1mm iso
COR T2 STIR BILAT HIPS
t1_mprage_sag_p2_iso
t2_tse_tra_384
t2_blade_cor_fs
t2_space_flair_sag_p3
ep2d_diff_3scan_trace_p2
ep2d_diff_3scan_trace_p2_ADC
ep2d_diff_mddw_20_p2_FA
ep2d_bold_moco_p2
ep2d_perf_p2
resolve_3scan_trace_tra_192
t1_vibe_dixon_tra_bh_W
t1_vibe_fs_tra_dyn_arterial
t1_starvibe_fs_tra
t2_haste_cor_bh
t2_trufi_cine_sax
pd_tse_fs_sag_knee
swi3d_tra_p2_1.5mm
Mag_Images
Pha_Images
mIP_Images(SW)
SWI_Images
TOF_3D_multi-slab
TOF_3D_multi-slab_MIP_SAG
asl_3d_tra_p2_iso_highres
localizer
AAHead_Scout
AAHead_Scout_MPR_sag
3-Plane Localizer
3-pl T2* FGRE S
Calibration Scan
ASSET Cal
Ax DWI b1000
Ax DWI 1000b
Apparent Diffusion Coefficient (mm2/s)
Exponential ADC
eADC
ADC (10^-6 mm2/s)
Fractional Ansio.
Average DC
Isotropic image
Filtered ADC
Ax SWAN
Ax 3D SWAN
FILT_PHA: Ax SWAN
Ax FSPGR 3D
Sag CUBE T2 FLAIR
Ax T1 FSE FS +C
+C Ax T1
+C Cor T1 FS
+C SAG 3D T1 BRAVO
Sag T2 frFSE
Cor IR FSPGR
Ax LAVA-Flex +C 1min
WATER: Ax LAVA-Flex
InPhase: Ax LAVA-Flex
OutPhase: Ax LAVA-Flex
FAT: Ax LAVA-Flex
Ax FIESTA FS RTr
MRCP Thick Slab Radial
3D MRCP RTr
Cor SSFSE
Ax 2D FIESTA
sT1W_3D_TFE
sT2W_FLAIR
T2W_TSE_ax
T1W_SE SENSE
DWI_SSh SENSE
dDWI SENSE
dReg - DWI
isoDWI
Survey
SURVEY_BFFE
B-TFE_BH
BTFE_SAG_CINE
mDIXON-All_BH
e-THRIVE_dyn
THRIVE_BH SENSE
3D_VISTA_T2
DelRec - T2W_TSE
VEN_BOLD
3D_Brain_VIEW_FLAIR
PelvisT2W_TSE_sag
Smart Brain
Q-Flow_Aorta
PCA_SAG
M2D_BTFE
LGE PSIR SA
4CH cine SSFP
2CH CINE
3CH cine retro
SAX stack cine
Perfusion SAX rest
Perfusion SAX stress
T1 map MOLLI pre SAX
T2 map trufi SAX mid
Delayed enhancement 10 min
phase contrast aorta through plane
venc 150
CT HEAD W/O CONTRAST
CT Head without IV Contrast
CT BRAIN W/WO CONTRAST
CT Angio Head and Neck
CTA Head/Neck 0.75mm
CTA CHEST PE PROTOCOL
CT CHEST PULMONARY EMBOLISM (CTPE)
CT ABD/PELVIS W/ IV CONTRAST
CT ABDOMEN AND PELVIS WITH CONTRAST
CT Chest/Abd/Pelvis w/ contrast
CT C-SPINE W/O
CT L-SPINE W/O CONTRAST
CT T/L Spine Recon
CT Sinus Landmark
CT Orbits with contrast
CT Temporal Bones
CT Soft Tissue Neck W
CT Urogram 3-phase
CT RENAL STONE PROTOCOL
CT Enterography
CT Colonography supine
CT Colonography prone
CT Liver triphasic
CT Pancreas protocol biphasic
CT Lung Cancer Screening Low Dose
CT Chest HRCT inspiration/expiration
CT Cardiac Calcium Score
CTA CORONARY ARTERIES
CTA Runoff Lower Extremities
CTA ABD PELVIS TAVR
CT Knee Right w/o
CT Wrist Left Bone
CT Perfusion Head
CT Guided Biopsy Liver
CT DRAINAGE PELVIS
Head 5.0 H31s
Head 1.0 H60s
HeadRoutine 4.0 J40s 2
Thorax 1.0 B70f
Thorax 5.0 B31f
ThorRoutine 5.0 B31f
AbdRoutine 5.0 B31f
AbdomenRoutine 3.0 I30f 3
Abdomen 2.0 Br38 A 3 art.
Abdomen 5.0 Br36 ven.
CorCTA 0.75 Bv40 A 3 BestDiast 70 %
CorCTA 0.75 Bv40 A 3 BestSyst 36 %
CaScore 3.0 Qr36 A 3 70%
CTA 1.0 Bv36 A 3
Topogram 0.6 T20f
Topogram 0.6 Tr20
PreMonitoring 10.0 Qr36
Monitoring 10.0 Qr36
CARE Bolus
Bolus Track
SmartPrep Series
Scout
SCOUT LATERAL
SCOUT AP
Surview
Dual Surview
Patient Protocol
Dose Report
Dose Record
Dose Info
Screen Save
Summary Series
Key Images
PhoenixZIPReport
Exam Protocol
Radiation Dose Structured Report
Axial Bone 1.25mm
AXIAL 2.5MM STANDARD
Recon 2: LUNG 1.25
Recon 3: BONE PLUS
STD 5mm
SOFT TISSUE 3MM
Thin Lung 1.25 mm
LUNG 1.25MM ASIR 40%
ASiR-V 50%
AIDR 3D FC08
FC13 Body 5.0
Vol. 0.5 CE
VRT Head
VR HEAD COLOR
MIP COR 10mm
MIP AX 8/2
MPR COR 3mm
MPR SAG 2/2
COR ABD/PEL
SAG ABD/PEL
COR LUNG
Sagittal Reformat
Coronal Reformats 3mm
Curved MPR LAD
CPR RCA
iMAR 3.0 Qr40
Monoenergetic Plus 40 keV
Mono 70 keV
Virtual Non Contrast
VNC 1.5 mm
Iodine Map
Iodine (Water) 1.25
Z Effective
DE Lung PBV
Mixed 0.6
80 kV / Sn140 kV
Lung PBV fusion
MTT
CBF
CBV
TTP
Tmax
RAPID Summary
CTP Source Images
Perfusion parameter maps color
CHEST PA AND LATERAL
CHEST 1 VIEW PORTABLE
XR CHEST AP PORTABLE
XR Chest 2 Views
Chest PA (Upright)
CXR erect
ABDOMEN SUPINE AND UPRIGHT
KUB
XR Abdomen 1V
XR KNEE 3 VIEWS LEFT
XR Knee AP/Lat/Sunrise Bilateral WB
XR ANKLE COMPLETE RIGHT
XR Foot 3V weight bearing
XR Hand PA/OBL/LAT
XR WRIST SCAPHOID VIEW
XR Elbow 2 Views
XR Shoulder Y-view
XR SHOULDER AXILLARY
Clavicle AP with cephalic tilt
XR Hip Unilateral with Pelvis
Pelvis AP
Frog leg lateral
C-SPINE FLEXION/EXTENSION
L-spine AP/LAT/L5-S1 spot
T-spine swimmers
Open mouth odontoid
SKULL 4 VIEWS
Facial bones
Panorex
Skeletal survey
Bone age hand
Scoliosis PA standing
Leg length
Fluoro Upper GI
Barium Swallow
Modified barium swallow study
BARIUM ENEMA double contrast
VCUG
HSG
Small bowel follow through
Arthrogram shoulder left
Fluoroscopy less than 1 hour
MAMMO SCREENING BILATERAL
Mammo Diag Bilat w/ Tomo
R CC
L MLO
R MLO Tomosynthesis Reconstruction
L CC Implant Displaced
R XCCL
LMLO spot mag
C-View
Breast Tomosynthesis Image
MG stereotactic biopsy
US ABDOMEN COMPLETE
US ABD LIMITED RUQ
US RENAL BILATERAL
US PELVIS TRANSVAGINAL
US OB < 14 WEEKS
US OB 2ND TRIMESTER
US Thyroid
US Breast Left Limited
US SCROTUM W DOPPLER
US Carotid Duplex Bilateral
US VENOUS DOPPLER LE LEFT
US DVT lower extremity
US Appendix
US Guided FNA Thyroid
US Paracentesis
Echo TTE Complete
TEE with bubble study
Stress echo dobutamine
Apical 4 chamber
PLAX
PSAX
MV inflow PW
TDI lateral annulus
IVUS LAD
OCT pullback
CARDIAC CATH
Left Coronary RAO 30 CAU 20
LCA LAO/CRA
RCA LAO
LV gram RAO 30
Aortogram
Cerebral angiogram 4 vessel
DSA right ICA AP
Carotid stent
ERCP
PTC drainage
TIPS revision
IVC filter placement
Embolization uterine artery
Roadmap
Fluoro store
NM BONE SCAN WHOLE BODY
Whole Body Ant/Post
NM Bone 3 phase
MUGA
NM HIDA SCAN W/ CCK EF
NM V/Q SCAN
Perfusion 8 views
Myocardial perfusion stress/rest
STRESS SPECT GATED
REST SPECT
NM Renal MAG3 Lasix
DMSA cortical
GASTRIC EMPTYING
Thyroid uptake I-123
I-131 Whole Body Post Therapy
Octreotide scan In-111
DaTSCAN SPECT
PET/CT SKULL BASE TO MID-THIGH
PET CT WHOLE BODY FDG
PET AC
PET NAC
PET WB
PET Corrected
WB MAC
WB NAC
CT WB 5.0 B30f
CTAC WB
CT Attenuation Correction
AC CT 3.0 HD_FoV
TRUEX + TOF 400 matrix
PET brain FDG dynamic
Ga-68 PSMA PET/CT
F18 DOTATATE PET
Ga68 DOTATATE
Amyloid PET florbetapir
PET MR Brain
Fused PET CT axial
SUV Max 5
MIP PET rotating
MRI BRAIN W/O CONTRAST
MRI BRAIN W & W/O CONTRAST
MRI Brain Seizure Protocol
MRI Brain MS protocol
MRI Pituitary w/wo
MRI IAC w/ and w/o contrast
MR ORBITS/FACE/NECK
MRA HEAD W/O
MRA Neck with contrast
MRV Head
MRI CERVICAL SPINE WO
MRI Lumbar Spine w/o contrast
MRI T-SPINE W WO GAD
MRI Total Spine
MRI KNEE LEFT W/O
MRI Shoulder Arthrogram Right
MRI ANKLE RT
MRI Hip labrum
MRI Wrist TFCC
MRI Abdomen MRCP
MRI LIVER W/ EOVIST
MRI Prostate multiparametric
MRI Rectum staging
MRI Pelvis Fistula
MRI Enterography
MRI Breast Bilateral w/wo CAD
MRI Cardiac morphology function
MRI Brachial Plexus
MR Elastography liver
MR Spectroscopy single voxel
MRS PRESS TE 135
fMRI finger tapping
rs-fMRI
DTI 64 directions
Tractography
FA color map
Subtraction 1
SUB_t1_fl3d_tra_dynaVIEWS
t1_fl3d_tra_dynaVIEWS_1+5
Reg - DWI
MPR Range
Range MPR 3 mm cor
Composed images spine
MobiView
GRE field mapping
gre_field_map
B0 map
B1 map
QC phantom ACR
Daily QA
Phantom water 20 cm
RT Plan prostate IMRT
RTSTRUCT Thorax 4DCT
4D CT Average
4DCT 50% Ex
CBCT pelvis
CBCT head
RT Dose
VMAT 2 arcs
SBRT lung right upper lobe
Tangents left breast
GTV CTV PTV
Contours
Planning CT pelvis bladder full
Brachytherapy T&O
Panoramic
Cephalometric lateral
Bitewing right
Periapical upper left
Fundus OD
Fundus OS 45 degree
OCT macula OD
OCT optic disc OS
Visual field 24-2
Fluorescein angiography early phase
Slide HE 40x
Dermoscopy left forearm
Colonoscopy cecum
Resting 12 lead ECG
Lossless Compression
JPEG 2000 Lossless
Lossy JPEG compression ratio 10:1
Derived from original
Reformatted
Resampled
Scaled image
Secondary Capture
Segmentation
AI results lung nodules
CAD marks
Computer aided detection
Measurements
Annotations
Unnamed Series
Unspecified
Default protocol
Routine Brain
Routine Abdomen Pelvis
Adult Chest Routine
Ped Head 0-2 yrs
Trauma whole body
Polytrauma
Stroke protocol
Code stroke CTA
ER portable
ICU chest
Pre-op planning
Post op day 3
Follow up 6 months
Baseline
Week 12
Visit 3
Screening visit
Cycle 2 Day 1
Time point 2
Schädel nativ
Schädel-CT nativ 4 mm
CT Schädel nativ und mit KM
CCT nativ
CT Thorax mit KM
CT Thorax/Abdomen mit KM venös
CT Abdomen nativ Steinprotokoll
CT HWS nativ Knochenfenster
CT LWS sagittal
CT Becken Hüfte rechts
CT NNH koronar
CT Felsenbein beidseits
CT-Angiographie Becken-Bein
CT Herz Kalkscore
MRT Schädel nativ
MRT Kopf mit und ohne KM
MRT Knie links
MRT HWS sagittal T2
MRT LWS mit KM
MRT Schulter rechts PD FS
MRT Abdomen MRCP
MRT Prostata multiparametrisch
MRT Mamma dynamisch
MRT Herz Vitalität
MR-Angiographie Halsgefäße
Rö Thorax p.a. und seitlich
Röntgen Thorax liegend
Thorax 2 Ebenen stehend
Becken Übersicht
Hüftgelenk axial links
Kniegelenk a.p. und seitlich
Sprunggelenk rechts 2 Ebenen
Handgelenk links
Handskelett beidseits
LWS in 2 Ebenen
Ganze Wirbelsäule stehend
Sono Abdomen
Sonographie Schilddrüse
Duplex Carotis
Mammographie beidseits
Skelettszintigraphie Ganzkörper
Schilddrüsenszintigraphie
Verlaufskontrolle nach Operation
Ausschluss Lungenembolie
V.a. Pneumonie
Z.n. Hüft-TEP rechts
Arterielle Phase Leber
Portalvenöse Phase 5 mm
Spätphase Niere
Weichteilfenster 3 mm axial
Lungenfenster 1 mm
Knochenfenster sagittal rekonstruiert
Übersichtsaufnahme Abdomen
Scanner cérébral sans injection
TDM thoracique avec injection
TDM abdomino-pelvienne
Scanner thoraco-abdomino-pelvien
IRM cérébrale sans et avec gadolinium
IRM du genou gauche
IRM lombaire sagittal T2
IRM de l'épaule droite
IRM hépatique
IRM mammaire
Angio-IRM des troncs supra-aortiques
Angioscanner pulmonaire
Radiographie du thorax face
Radio bassin de face
Cheville droite face et profil
Échographie abdominale
Écho-doppler veineux membres inférieurs
Mammographie bilatérale
Scintigraphie osseuse corps entier
TEP-TDM au FDG
Temps artériel
Temps portal 1.25 mm
Coupes axiales fines
Reconstruction coronale
Parenchyme pulmonaire
Fenêtre osseuse
Médiastin 3 mm
Arthroscanner poignet
TC de cráneo sin contraste
TAC cerebral simple
TC tórax con contraste
TC abdomen y pelvis con contraste
Angio-TC de aorta
RM cerebral con gadolinio
RM de rodilla izquierda
RM columna lumbar
RM hombro derecho
Radiografía de tórax PA y lateral
Rx mano derecha
Ecografía abdominal
Mamografía bilateral
Gammagrafía ósea
Fase arterial
Fase portal tardía
Ventana ósea
Corte axial fino
TC encefalo senza mdc
TC torace con mdc
TC addome completo con mezzo di contrasto
RM encefalo con gadolinio
RM ginocchio destro
RM rachide lombosacrale
RM spalla sinistra
RX torace due proiezioni
RX bacino
Ecografia addome superiore
Mammografia bilaterale
Scintigrafia ossea total body
Fase arteriosa
Fase venosa 2.5 mm
Finestra polmonare
Colonna cervicale laterale
頭部単純CT
胸部CT 造影
腹部 MRI T2強調
头部CT平扫
胸部正位
흉부 CT 조영증강
`
  .trim()
  .split('\n');
