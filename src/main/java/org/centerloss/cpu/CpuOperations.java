package org.centerloss.cpu;

import org.centerloss.cpu.distance.CpuCenterLoss;
import org.centerloss.cpu.distance.CpuCenterSpread;
import org.centerloss.cpu.distance.CpuCenterUpdate;
import org.centerloss.cpu.distance.CpuNearestCenter;
import org.centerloss.cpu.distance.CpuPairwiseRepulsion;
import org.centerloss.cpu.onednn.CpuBatchNormalization;
import org.centerloss.cpu.onednn.CpuConvolution;
import org.centerloss.cpu.onednn.CpuFlatten;
import org.centerloss.cpu.onednn.CpuGlobalAveragePooling;
import org.centerloss.cpu.onednn.CpuLinear;
import org.centerloss.cpu.op.CpuAdamW;
import org.centerloss.cpu.op.CpuAddition;
import org.centerloss.cpu.op.CpuArgMax;
import org.centerloss.cpu.op.CpuGradientClipping;
import org.centerloss.cpu.op.CpuImageBatches;
import org.centerloss.cpu.op.CpuLossMeter;
import org.centerloss.cpu.op.CpuMaxPooling;
import org.centerloss.cpu.op.CpuPrelu;
import org.centerloss.cpu.op.CpuSgd;
import org.centerloss.cpu.op.CpuSoftmaxCrossEntropy;
import org.centerloss.cpu.op.CpuStepTable;
import org.centerloss.cpu.runtime.CpuImageStore;
import org.centerloss.cpu.runtime.CpuIntTensor;
import org.centerloss.cpu.runtime.CpuTensor;
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

/** What the CPU makes: the tensors and operations of a {@link CpuDevice}. */
abstract sealed class CpuOperations implements Device permits CpuDevice {
    private CpuDevice self() {
        return (CpuDevice) this;
    }

    @Override
    public Tensor tensor(int... shape) {
        return new CpuTensor(self(), TensorForm.plain(self(), shape));
    }

    @Override
    public Tensor activation(int batch, int channels, int height, int width) {
        return new CpuTensor(self(), TensorForm.activation(self(), batch, channels, height, width));
    }

    @Override
    public IntTensor intTensor(int size) {
        return new CpuIntTensor(self(), size);
    }

    @Override
    public ImageStore imageStore(byte[] pixels, int[] labels, int channels, int height, int width) {
        return new CpuImageStore(self(), pixels, labels, channels, height, width);
    }

    @Override
    public ImageBatches imageBatches(
            ImageStore store, int batch, Augmentation augmentation, long seed) {
        return new CpuImageBatches(self(), store, batch, augmentation, seed);
    }

    @Override
    public Convolution convolution(Convolution.Shape shape) {
        return new CpuConvolution(self(), shape);
    }

    @Override
    public BatchNormalization batchNormalization(BatchNormalization.Shape shape) {
        return new CpuBatchNormalization(self(), shape);
    }

    @Override
    public Addition addition(int batch, int channels, int height, int width) {
        return new CpuAddition(self(), batch, channels, height, width);
    }

    @Override
    public GlobalAveragePooling globalAveragePooling(
            int batch, int channels, int height, int width) {
        return new CpuGlobalAveragePooling(self(), batch, channels, height, width);
    }

    @Override
    public Flatten flatten(int batch, int channels, int height, int width) {
        return new CpuFlatten(self(), batch, channels, height, width);
    }

    @Override
    public MaxPooling maxPooling(MaxPooling.Shape shape) {
        return new CpuMaxPooling(self(), shape);
    }

    @Override
    public Prelu prelu(int... shape) {
        return new CpuPrelu(self(), shape);
    }

    @Override
    public Linear linear(int samples, int inFeatures, int outFeatures) {
        return new CpuLinear(self(), samples, inFeatures, outFeatures);
    }

    @Override
    public SoftmaxCrossEntropy softmaxCrossEntropy(int samples, int classes) {
        return new CpuSoftmaxCrossEntropy(self(), samples, classes);
    }

    @Override
    public CenterLoss centerLoss(
            int samples, int features, int classes, CenterLoss.Attraction attraction) {
        return new CpuCenterLoss(self(), samples, features, classes, attraction);
    }

    @Override
    public PairwiseRepulsion pairwiseRepulsion(
            int samples, int features, PairwiseRepulsion.Potential potential) {
        return new CpuPairwiseRepulsion(self(), samples, features, potential);
    }

    @Override
    public CenterSpread centerSpread(int classes, int features) {
        return new CpuCenterSpread(self(), classes, features);
    }

    @Override
    public CenterUpdate centerUpdate(int samples, int features, int classes, double alpha) {
        return new CpuCenterUpdate(self(), samples, features, classes, alpha);
    }

    @Override
    public NearestCenter nearestCenter(int samples, int features, int classes) {
        return new CpuNearestCenter(self(), samples, features, classes);
    }

    @Override
    public ArgMax argMax(int samples, int classes) {
        return new CpuArgMax(self(), samples, classes);
    }

    @Override
    public Sgd sgd(int size, double momentum, double weightDecay, boolean nesterov) {
        return new CpuSgd(self(), size, momentum, weightDecay, nesterov);
    }

    @Override
    public AdamW adamW(int size, AdamW.Hyperparameters hyperparameters) {
        return new CpuAdamW(self(), size, hyperparameters);
    }

    @Override
    public GradientClipping gradientClipping(int size, double maxNorm) {
        return new CpuGradientClipping(self(), size, maxNorm);
    }

    @Override
    public LossMeter lossMeter(int terms) {
        return new CpuLossMeter(self(), terms);
    }

    @Override
    public StepTable stepTable(int capacity, int values) {
        return new CpuStepTable(self(), capacity, values);
    }
}
