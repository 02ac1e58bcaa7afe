package org.centerloss.cuda;

import org.centerloss.cuda.library.CublasLinear;
import org.centerloss.cuda.library.CudnnBatchNormalization;
import org.centerloss.cuda.library.CudnnConvolution;
import org.centerloss.cuda.op.AdditionKernel;
import org.centerloss.cuda.op.ArgMaxKernel;
import org.centerloss.cuda.op.CenterLossKernel;
import org.centerloss.cuda.op.CenterSpreadKernel;
import org.centerloss.cuda.op.CenterUpdateKernel;
import org.centerloss.cuda.op.GlobalAveragePoolingKernel;
import org.centerloss.cuda.op.ImageBatchesKernel;
import org.centerloss.cuda.op.LossMeterKernel;
import org.centerloss.cuda.op.MaxPoolingKernel;
import org.centerloss.cuda.op.NearestCenterKernel;
import org.centerloss.cuda.op.PairwiseRepulsionKernel;
import org.centerloss.cuda.op.PreluKernel;
import org.centerloss.cuda.op.SoftmaxCrossEntropyKernel;
import org.centerloss.cuda.optim.AdamWKernel;
import org.centerloss.cuda.optim.GradientClippingKernel;
import org.centerloss.cuda.optim.SgdKernel;
import org.centerloss.cuda.optim.StepTableKernel;
import org.centerloss.cuda.runtime.CudaFlatten;
import org.centerloss.cuda.runtime.CudaImageStore;
import org.centerloss.cuda.runtime.CudaIntTensor;
import org.centerloss.cuda.runtime.CudaTensor;
import org.centerloss.device.Device;
import org.centerloss.device.ImageStore;
import org.centerloss.device.IntTensor;
import org.centerloss.device.Tensor;
import org.centerloss.device.TensorForm;
import org.centerloss.device.op.AdamW;
import org.centerloss.device.op.Addition;
import org.centerloss.device.op.ArgMax;
import org.centerloss.device.op.Augmentation;
import org.centerloss.device.op.BatchNormalization;
import org.centerloss.device.op.CenterLoss;
import org.centerloss.device.op.CenterSpread;
import org.centerloss.device.op.CenterUpdate;
import org.centerloss.device.op.Convolution;
import org.centerloss.device.op.Flatten;
import org.centerloss.device.op.GlobalAveragePooling;
import org.centerloss.device.op.GradientClipping;
import org.centerloss.device.op.ImageBatches;
import org.centerloss.device.op.Linear;
import org.centerloss.device.op.LossMeter;
import org.centerloss.device.op.MaxPooling;
import org.centerloss.device.op.NearestCenter;
import org.centerloss.device.op.PairwiseRepulsion;
import org.centerloss.device.op.Prelu;
import org.centerloss.device.op.Sgd;
import org.centerloss.device.op.SoftmaxCrossEntropy;
import org.centerloss.device.op.StepTable;

/** What a GPU makes: the tensors and operations of a {@link CudaDevice}. */
abstract sealed class CudaOperations implements Device permits CudaDevice {
    private CudaDevice self() {
        return (CudaDevice) this;
    }

    @Override
    public Tensor tensor(int... shape) {
        return new CudaTensor(self(), TensorForm.plain(self(), shape));
    }

    @Override
    public Tensor activation(int batch, int channels, int height, int width) {
        return new CudaTensor(
                self(), TensorForm.activation(self(), batch, channels, height, width));
    }

    @Override
    public IntTensor intTensor(int size) {
        return new CudaIntTensor(self(), size);
    }

    @Override
    public ImageStore imageStore(byte[] pixels, int[] labels, int channels, int height, int width) {
        return new CudaImageStore(self(), pixels, labels, channels, height, width);
    }

    @Override
    public ImageBatches imageBatches(
            ImageStore store, int batch, Augmentation augmentation, long seed) {
        return new ImageBatchesKernel(self(), store, batch, augmentation, seed);
    }

    @Override
    public Convolution convolution(Convolution.Shape shape) {
        return new CudnnConvolution(self(), shape);
    }

    @Override
    public BatchNormalization batchNormalization(BatchNormalization.Shape shape) {
        return new CudnnBatchNormalization(self(), shape);
    }

    @Override
    public Addition addition(int batch, int channels, int height, int width) {
        return new AdditionKernel(self(), batch, channels, height, width);
    }

    @Override
    public GlobalAveragePooling globalAveragePooling(
            int batch, int channels, int height, int width) {
        return new GlobalAveragePoolingKernel(self(), batch, channels, height, width);
    }

    @Override
    public Flatten flatten(int batch, int channels, int height, int width) {
        return new CudaFlatten(self(), batch, channels, height, width);
    }

    @Override
    public MaxPooling maxPooling(MaxPooling.Shape shape) {
        return new MaxPoolingKernel(self(), shape);
    }

    @Override
    public Prelu prelu(int... shape) {
        return new PreluKernel(self(), shape);
    }

    @Override
    public Linear linear(int samples, int inFeatures, int outFeatures) {
        return new CublasLinear(self(), samples, inFeatures, outFeatures);
    }

    @Override
    public SoftmaxCrossEntropy softmaxCrossEntropy(int samples, int classes) {
        return new SoftmaxCrossEntropyKernel(self(), samples, classes);
    }

    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new CenterLossKernel(self(), samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new PairwiseRepulsionKernel(self(), samples, features, potential);
    }

    @Override
    public CenterSpread centerSpread(int classes, int features) {
        return new CenterSpreadKernel(self(), classes, features);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new CenterUpdateKernel(self(), samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new NearestCenterKernel(self(), samples, features, classes);
    }

    @Override
    public ArgMax argMax(int samples, int classes) {
        return new ArgMaxKernel(self(), samples, classes);
    }

    @Override
    public Sgd sgd(int size, double momentum, double weightDecay, boolean nesterov) {
        return new SgdKernel(self(), size, momentum, weightDecay, nesterov);
    }

    @Override
    public AdamW adamW(int size, AdamW.Hyperparameters hyperparameters) {
        return new AdamWKernel(self(), size, hyperparameters);
    }

    @Override
    public GradientClipping gradientClipping(int size, double maxNorm) {
        return new GradientClippingKernel(self(), size, maxNorm);
    }

    @Override
    public LossMeter lossMeter(int terms) {
        return new LossMeterKernel(self(), terms);
    }

    @Override
    public StepTable stepTable(int capacity, int values) {
        return new StepTableKernel(self(), capacity, values);
    }
}
