/**
 * Pictures of a run. All of them are made from the run's directory alone, so they can be made again
 * at any time, but for what {@link org.centerloss.report.picture.Snapshots} writes while a run goes
 * on.
 */
package org.centerloss.report.picture;
