/** Trainings that belong together, such as sweeps and reproductions; knows no command line. */
package org.centerloss.experiment;
