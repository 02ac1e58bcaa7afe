/** What a trained model makes of images: features, class means, predictions, accuracy. */
package org.centerloss.evaluate;
