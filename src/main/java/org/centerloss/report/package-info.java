/**
 * What a run leaves for people and other tools to look at: pictures, the HTML report, TensorBoard's
 * event files. All of it is made from the run's directory alone, so it can be made again at any
 * time, but for what {@link org.centerloss.report.Snapshots} and its like write while a run goes
 * on.
 */
package org.centerloss.report;
