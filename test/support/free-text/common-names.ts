/** Surnames and given names that are common somewhere: a text may mean a person by them. */
export const COMMON_NAMES: readonly string[] = `
  abigail ace adams aguilar ahmed ahn al albrecht alexander alexis ali alice allen alvarado alvarez amanda amber
  amy ana anderson andre andrea andrew andrews angela ann anna anthony april armstrong arnaud arnold art ashley
  bailey baker barbara barbier barnes bauer baumann beck becker bell ben benjamin bennett berger bergmann
  bernard berry bertrand betty beverly bianchi bill black blanc blanchard bob boehm bonnet boyd boyer bradley
  brandon brandt braun brenda brian brittany brooks brown brun brunet bruno bryant burns busch butler cai
  campbell cao cara carlos carmen carol carolyn carpenter carroll carter castillo castro catherine chan charles
  charlotte chase chavez chen cheng cheryl chevalier cho choi christina christine christopher chua clara clark
  clement cliff cole coleman colin collins colombo conti contreras cook cooper costa cox crawford cruz
  cunningham cynthia dai dale dan daniel danielle daniels david davis dawn dean deborah debra delgado deluca
  deng denis denise dennis diana diane diaz dietrich ding dixon don donald dong donna doris dorothy drew du
  dubois dufour dumont duncan dunn dupont durand duval earl ed edward edwards elena elizabeth elliott ellis
  emily emma engel eric erika esposito evans evelyn faith fan fang faure feng ferguson fernandez ferrari fischer
  fisher flores fontaine fontana ford foster fournier fox frances francois frank franke freeman friedrich fu
  fuchs gaillard gallo gao garcia gardner garnier gary garza gauthier gautier gene george gibson giordano girard
  giraud giulia glen gloria goh gomez gonzales gonzalez gordon grace graf graham grant gray greco green gregory
  griffin gross guenther guerin guo gupta gutierrez guy guzman haas hahn hall hamilton han hannah hans hansen
  harris harrison hart hartmann hawkins hayes he heather heinrich helen henderson henry herbst hernandez herrera
  herrmann hicks hill hoffman hofmann holmes hong hope horn howard hu huang huber hudson hughes hunt hunter
  hussain hwang iris isabella ito ivy jack jackson jacob jacqueline jade jaeger james jan janet jang janice
  jason jean jeffrey jenkins jennifer jens jerry jessica jia jiang jim jimenez joan joe john johnson johnston
  joly jonathan jones jordan jose joseph joshua joy joyce juan judith judy julia julie june jung justin kaiser
  kang karen katherine kathleen kato kay kayla keller kelley kelly kennedy kenneth kevin khan kim kimberly king
  klaus klein knight kobayashi koch koehler koenig koh kraemer kraus krause krueger kuehn kuhn kumar kwon
  lambert lane lang lange larry laura lauren laurent lawrence leal lee lefebvre legrand lehmann lemaire leroy
  lewis li liang lily lim lin linda linke lisa liu lombardi long lopez lorenz lu luc luca lucas ludwig luis luo
  ma madison maier mancini marc marchand marco margaret maria marie marilyn marino mario mark marshall martha
  martin martinez mary mason masson mathieu matthew matthews max may mayer mcdonald medina megan meier melissa
  mendez mendoza mercier meunier meyer michael michel michelle miles miller mills mitchell moeller moore morales
  moreau morel moreno moretti morgan morin moritz morris mueller muller munoz murphy murray myers nakamura nancy
  natalie nelson neumann ng nguyen nicholas nichols nicolas nicole noel olivia olson ong ortiz otto owens pablo
  palmer pamela pan paolo park parker pat patel patricia patrick patterson paul payne pearl pedro pena peng
  perez perkins perrin perry peter peters peterson petit pfeiffer phillips pierce pierre pilar pohl porter
  powell price rachel ramirez ramos ray raymond rebecca reed ren rex rey reyes reynolds ricci rice rich richard
  richards richardson richter riley rivera riviere rizzo robert roberts robertson robin robinson rodriguez
  rogers romano romero ron ronald rosa rose ross rossi roth rousseau roussel roux roy ruby ruiz russell russo
  ruth ryan salazar sam samantha samuel sanchez sanders sandoval sandra santos sara sarah sato sauer schaefer
  schmid schmidt schmitt schneider scholz schreiber schroeder schubert schulte schulz schulze schumacher
  schuster schwarz scott seidel seo sharma sharon shaw shen shi shin shirley silva sim simmons simon simpson
  singh smith snyder sol sommer song sophia sophie soto spencer stein stephanie stephen stephens steven stevens
  stewart stone su sue sullivan sun susan suzuki takahashi tan tanaka tang taylor ted teo teresa testa theresa
  thomas thompson tian tim timothy tom torres tran tucker turner uwe vargas vasquez victoria vincent violet
  virginia vogel vogt voigt wagner walker wallace walter wang ward warren washington watanabe watson weaver webb
  weber wei weiss wells werner west white william williams willis wilson winkler winter wolf wolff wong wood
  woods wright wu xia xiao xie xu xue yamamoto yan yang yao ye yoon young yu yuan zeng zhang zhao zheng zhou zhu
  ziegler zimmermann
`
  .trim()
  .split(/\s+/);

/** Too common in descriptions to be asked about each time: kept unless the headers name such a person. */
export const NAMES_THAT_ARE_CLINICAL: readonly string[] =
  'brown white green gray long burns dixon black stone dunn hart ray klein stein gross li hu he ma fu pan du shin max pat may violet rich art gene ace xia ye'.split(
    ' ',
  );
