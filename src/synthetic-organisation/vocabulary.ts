/** The words of the synthetic organisation. Functions and systems only: no names of persons or companies. */

export interface ApplicationWords {
  readonly name: string;
  /** What is worked on there, in the plural. */
  readonly objects: readonly string[];
}

export interface DepartmentWords {
  readonly name: string;
  readonly titles: readonly string[];
  readonly applications: readonly ApplicationWords[];
}

export const actions = ['view', 'create', 'change', 'approve', 'cancel', 'export', 'archive', 'delegate'] as const;

export const companyApplications: readonly ApplicationWords[] = [
  { name: 'Mail', objects: ['mailbox', 'shared calendars'] },
  { name: 'Intranet', objects: ['pages', 'directory'] },
  { name: 'Remote access', objects: ['network tunnel', 'virtual desktop'] },
  { name: 'Time recording', objects: ['timesheets', 'absences'] },
  { name: 'Learning', objects: ['courses', 'certificates'] },
];

export const siteObjects = ['doors', 'printers', 'car park', 'meeting rooms'] as const;

export const sites = [
  ...[
    'Amsterdam',
    'Athens',
    'Bangalore',
    'Barcelona',
    'Berlin',
    'Boston',
    'Brisbane',
    'Brussels',
    'Cairo',
    'Cape Town',
  ],
  ...['Chicago', 'Copenhagen', 'Dallas', 'Denver', 'Dublin', 'Geneva', 'Hamburg', 'Helsinki', 'Istanbul', 'Jakarta'],
  ...['Lagos', 'Lima', 'Lisbon', 'London', 'Lyon', 'Madrid', 'Manila', 'Milan', 'Montreal', 'Mumbai'],
  ...['Munich', 'Nairobi', 'Osaka', 'Oslo', 'Paris', 'Prague', 'Riga', 'Rome', 'Seoul', 'Singapore'],
  ...['Stockholm', 'Sydney', 'Toronto', 'Turin', 'Valencia', 'Vienna', 'Warsaw', 'Zurich'],
] as const;

/** Large organisations have the same departments in several divisions. */
export const divisions = [
  ...['', 'Retail', 'Wholesale', 'Energy', 'Mobility', 'Health', 'Chemicals', 'Packaging', 'Services', 'Marine'],
  ...['Aviation', 'Food'],
] as const;

export const departments: readonly DepartmentWords[] = [
  {
    name: 'Finance',
    titles: ['Accountant', 'Payables clerk', 'Receivables clerk', 'Cost controller', 'Tax specialist'],
    applications: [
      { name: 'SAP payables', objects: ['invoices', 'payment runs', 'vendor accounts', 'down payments'] },
      { name: 'SAP general ledger', objects: ['journal entries', 'closing tasks', 'cost centres', 'accruals'] },
      { name: 'SAP receivables', objects: ['customer invoices', 'dunning letters', 'credit limits'] },
    ],
  },
  {
    name: 'Sales',
    titles: ['Account manager', 'Sales representative', 'Key account manager', 'Sales assistant', 'Tender specialist'],
    applications: [
      { name: 'CRM', objects: ['leads', 'opportunities', 'accounts', 'forecasts'] },
      { name: 'Quotation desk', objects: ['quotations', 'discounts', 'price lists', 'contracts'] },
      { name: 'Commission', objects: ['commission plans', 'payouts', 'targets'] },
    ],
  },
  {
    name: 'Human Resources',
    titles: ['HR partner', 'Recruiter', 'Payroll clerk', 'Training coordinator', 'Compensation analyst'],
    applications: [
      { name: 'Personnel files', objects: ['employee records', 'contracts', 'salaries', 'absence records'] },
      { name: 'Payroll', objects: ['pay runs', 'deductions', 'bonuses', 'tax statements'] },
      { name: 'Recruiting', objects: ['job postings', 'applications', 'interviews'] },
    ],
  },
  {
    name: 'Procurement',
    titles: ['Buyer', 'Strategic buyer', 'Supplier manager', 'Order clerk', 'Contract manager'],
    applications: [
      { name: 'SAP purchasing', objects: ['purchase orders', 'requisitions', 'goods receipts', 'framework orders'] },
      { name: 'Supplier portal', objects: ['suppliers', 'certificates', 'ratings', 'catalogues'] },
      { name: 'Sourcing', objects: ['auctions', 'bids', 'awards'] },
    ],
  },
  {
    name: 'Logistics',
    titles: ['Warehouse operator', 'Dispatcher', 'Shift leader', 'Customs clerk', 'Inventory planner'],
    applications: [
      { name: 'Warehouse', objects: ['stock transfers', 'pick lists', 'inventories', 'bins'] },
      { name: 'Transport', objects: ['shipments', 'routes', 'carriers', 'freight costs'] },
      { name: 'Customs', objects: ['declarations', 'licences', 'tariffs'] },
    ],
  },
  {
    name: 'Production',
    titles: ['Machine operator', 'Production planner', 'Line supervisor', 'Maintenance technician', 'Process engineer'],
    applications: [
      { name: 'Shop floor', objects: ['work orders', 'shift logs', 'downtimes', 'recipes'] },
      { name: 'Planning', objects: ['production plans', 'capacities', 'material needs', 'scenarios'] },
      { name: 'Maintenance', objects: ['service orders', 'spare parts', 'inspections'] },
    ],
  },
  {
    name: 'Quality',
    titles: ['Quality inspector', 'Laboratory analyst', 'Quality engineer', 'Complaints specialist', 'Auditor'],
    applications: [
      { name: 'Laboratory', objects: ['samples', 'test results', 'specifications', 'certificates of analysis'] },
      { name: 'Complaints', objects: ['complaints', 'root causes', 'corrective actions', 'recalls'] },
      { name: 'Document control', objects: ['procedures', 'work instructions', 'training proofs'] },
    ],
  },
  {
    name: 'Research',
    titles: ['Research scientist', 'Research assistant', 'Data scientist', 'Patent analyst', 'Project scientist'],
    applications: [
      { name: 'Lab notebook', objects: ['experiments', 'protocols', 'compounds', 'measurements'] },
      { name: 'Patent desk', objects: ['inventions', 'patent filings', 'prior art', 'annuities'] },
      { name: 'Compute cluster', objects: ['batch jobs', 'data sets', 'models'] },
    ],
  },
  {
    name: 'IT Operations',
    titles: [
      'System administrator',
      'Service desk agent',
      'Network engineer',
      'Database administrator',
      'Change manager',
    ],
    applications: [
      { name: 'Service desk', objects: ['tickets', 'changes', 'problems', 'knowledge articles'] },
      { name: 'Server estate', objects: ['Linux hosts', 'Windows hosts', 'backups', 'certificates'] },
      { name: 'Network console', objects: ['switches', 'firewall rules', 'name records'] },
    ],
  },
  {
    name: 'Software Engineering',
    titles: ['Software developer', 'Test engineer', 'Release engineer', 'Architect', 'Product owner'],
    applications: [
      { name: 'Source control', objects: ['repositories', 'merge requests', 'branches', 'tags'] },
      { name: 'Build server', objects: ['pipelines', 'artefacts', 'runners', 'build secrets'] },
      { name: 'Cloud console', objects: ['clusters', 'databases', 'storage buckets'] },
    ],
  },
  {
    name: 'Information Security',
    titles: ['Security analyst', 'Access manager', 'Penetration tester', 'Security engineer', 'Key custodian'],
    applications: [
      { name: 'Event monitoring', objects: ['alerts', 'detection rules', 'incidents', 'log sources'] },
      { name: 'Privileged access', objects: ['vaults', 'sessions', 'emergency accounts', 'rotations'] },
      { name: 'Vulnerability scanner', objects: ['scans', 'findings', 'exceptions'] },
    ],
  },
  {
    name: 'Legal',
    titles: ['Legal counsel', 'Paralegal', 'Compliance officer', 'Privacy officer', 'Contract clerk'],
    applications: [
      { name: 'Matter management', objects: ['matters', 'opinions', 'external counsel', 'legal holds'] },
      { name: 'Contract archive', objects: ['agreements', 'signatures', 'amendments', 'templates'] },
      { name: 'Compliance desk', objects: ['reports', 'sanction checks', 'trainings'] },
    ],
  },
  {
    name: 'Customer Service',
    titles: ['Service agent', 'Team leader', 'Complaint agent', 'Returns clerk', 'Quality coach'],
    applications: [
      { name: 'Contact centre', objects: ['calls', 'chats', 'recordings', 'queues'] },
      { name: 'Case desk', objects: ['cases', 'refunds', 'vouchers', 'escalations'] },
      { name: 'Returns', objects: ['return orders', 'exchanges', 'repair orders'] },
    ],
  },
  {
    name: 'Marketing',
    titles: ['Campaign manager', 'Content editor', 'Market analyst', 'Event manager', 'Brand manager'],
    applications: [
      { name: 'Campaigns', objects: ['campaigns', 'audiences', 'newsletters', 'landing pages'] },
      { name: 'Media library', objects: ['images', 'videos', 'licences', 'brand assets'] },
      { name: 'Web analytics', objects: ['dashboards', 'events', 'segments'] },
    ],
  },
  {
    name: 'Treasury',
    titles: ['Treasury analyst', 'Cash manager', 'Dealer', 'Back office clerk', 'Risk controller'],
    applications: [
      { name: 'Bank portal', objects: ['transfers', 'bank accounts', 'statements', 'signatories'] },
      { name: 'Dealing', objects: ['currency deals', 'hedges', 'loans', 'confirmations'] },
      { name: 'Liquidity', objects: ['cash forecasts', 'cash pools', 'guarantees'] },
    ],
  },
  {
    name: 'Internal Audit',
    titles: ['Auditor in charge', 'Audit associate', 'Data auditor', 'Fraud examiner', 'Control tester'],
    applications: [
      { name: 'Audit workbench', objects: ['audit plans', 'work papers', 'findings', 'follow-ups'] },
      { name: 'Control register', objects: ['controls', 'risks', 'test plans', 'attestations'] },
      { name: 'Case file', objects: ['investigations', 'evidence', 'interview notes'] },
    ],
  },
  {
    name: 'Facilities',
    titles: ['Facility manager', 'Site technician', 'Receptionist', 'Security guard', 'Space planner'],
    applications: [
      { name: 'Building control', objects: ['heating plans', 'lifts', 'alarms', 'cameras'] },
      { name: 'Space desk', objects: ['desks', 'moves', 'leases', 'floor plans'] },
      { name: 'Visitor desk', objects: ['visits', 'badges', 'parcels'] },
    ],
  },
  {
    name: 'Engineering',
    titles: ['Design engineer', 'Drafter', 'Simulation engineer', 'Standards engineer', 'Test bench technician'],
    applications: [
      { name: 'Product data', objects: ['drawings', 'bills of material', 'change requests', 'releases'] },
      { name: 'Simulation', objects: ['load cases', 'meshes', 'solver licences', 'result sets'] },
      { name: 'Test bench', objects: ['test runs', 'rigs', 'calibrations'] },
    ],
  },
  {
    name: 'Risk',
    titles: ['Credit analyst', 'Model validator', 'Operational risk analyst', 'Limit manager', 'Insurance manager'],
    applications: [
      { name: 'Credit file', objects: ['credit files', 'ratings', 'collateral', 'covenants'] },
      { name: 'Risk engine', objects: ['limits', 'scenarios', 'model versions', 'exposures'] },
      { name: 'Insurance desk', objects: ['policies', 'claims', 'premiums'] },
    ],
  },
  {
    name: 'Field Service',
    titles: ['Service technician', 'Service planner', 'Installation engineer', 'Parts clerk', 'Service trainer'],
    applications: [
      { name: 'Service planning', objects: ['visits', 'technician calendars', 'regions', 'service contracts'] },
      { name: 'Installed base', objects: ['devices', 'firmware', 'warranties', 'remote sessions'] },
      { name: 'Parts desk', objects: ['part orders', 'van stock', 'part returns'] },
    ],
  },
];
