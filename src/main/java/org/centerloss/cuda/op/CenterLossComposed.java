package org.centerloss.cuda.op;

import org.centerloss.cuda.CudaDevice;
import org.centerloss.cuda.driver.DeviceMemory;
import org.centerloss.cuda.driver.KernelFunction;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaOp;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.cuda.runtime.PartialSums;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.op.CenterLoss;

/**
 * Center loss as PyTorch code composes it, with the distances of all samples to all centers in
 * memory, [m, C], and a mask that keeps one in a row. What {@link CenterLossKernel} is measured
 * against.
 */
final class CenterLossComposed extends CudaOp implements CenterLoss {
    private final int samples;
    private final int features;
    private final int classes;
    private final Attraction attraction;
    private final DeviceMemory sampleNorms;
    private final DeviceMemory centerNorms;
    private final ComposedMatrix distances;
    private final ComposedMatrix terms;
    private final PartialSums rowSums;
    private final ComposedGradient ofSamples;
    private final ComposedGradient ofCenters;

    CenterLossComposed(
            CudaDevice device, int samples, int features, int classes, Attraction attraction) {
        super(
                device,
                "composed center loss [%d, %d], %d classes".formatted(samples, features, classes));
        this.samples = samples;
        this.features = features;
        this.classes = classes;
        this.attraction = attraction;
        sampleNorms = ComposedMatrix.norms(this, samples);
        centerNorms = ComposedMatrix.norms(this, classes);
        distances = new ComposedMatrix(this, samples, classes, features);
        terms = new ComposedMatrix(this, samples, classes, features);
        rowSums = new PartialSums(this, samples);
        ofSamples = new ComposedGradient(this, samples, features);
        ofCenters = new ComposedGradient(this, classes, features);
    }

    @Override
    public void forward(Tensor x, IntTensor labels, Tensor centers, Tensor loss) {
        checkOpen();
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaTensor result = plain(loss, "loss", 1);
        distances.distances(points, sampleNorms, c, centerNorms);
        sum(classOf, result);
    }

    @Override
    public void forwardBackward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor loss,
            Tensor dx,
            Tensor dCenters) {
        forward(x, labels, centers, loss);
        pull(x, labels, centers, scale, accumulate, dx, dCenters);
    }

    /** Where the slope is 1 everywhere, no distance is needed. */
    @Override
    public void backward(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor dx,
            Tensor dCenters) {
        checkOpen();
        if (attraction.exponential()) {
            distances.distances(
                    plain(x, "x", samples, features),
                    sampleNorms,
                    plain(centers, "centers", classes, features),
                    centerNorms);
        }
        pull(x, labels, centers, scale, accumulate, dx, dCenters);
    }

    private void sum(CudaIntTensor labels, CudaTensor result) {
        if (attraction.exponential()) {
            map(KernelFunction.COMPOSED_VALUES);
            terms.mask(terms, labels, null);
        } else {
            terms.mask(distances, labels, null);
        }
        terms.rowSums(labels, rowSums.memory());
        rowSums.sum(1.0 / samples, result);
    }

    private void pull(
            Tensor x,
            IntTensor labels,
            Tensor centers,
            double scale,
            boolean accumulate,
            Tensor dx,
            Tensor dCenters) {
        CudaTensor points = plain(x, "x", samples, features);
        CudaIntTensor classOf = integers(labels, "labels", samples);
        CudaTensor c = plain(centers, "centers", classes, features);
        CudaTensor gradient = plain(dx, "dx", samples, features);
        CudaTensor centerGradient =
                dCenters == null ? null : plain(dCenters, "dCenters", classes, features);
        double factor = scale * 2 / samples;
        if (attraction.exponential()) {
            map(KernelFunction.COMPOSED_SLOPES);
            terms.mask(terms, classOf, null);
        } else {
            terms.mask(null, classOf, null);
        }
        ofSamples.ofRows(terms, classOf, points, c, factor, accumulate, gradient);
        if (centerGradient != null) {
            ofCenters.ofColumns(terms, c, points, factor, centerGradient);
        }
    }

    private void map(KernelFunction function) {
        terms.map(function, distances, ComposedMatrix.EXPONENTIAL, attraction.alpha());
    }
}
