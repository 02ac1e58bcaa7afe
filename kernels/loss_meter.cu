// Adds the loss terms of a step to running sums, so that the host reads them once in a while.
//
// Shapes: term0 … term7: [1] each, null where the step has fewer terms; the meter is one Meter in
//     device memory, all zero after a reading.
// Launch: one thread: at most eight numbers a step, in a fixed order, between the launches of a
//     graph. More threads would have nothing to do.
// Bytes: at most 4 · terms + 2 · 88.
// Operations: one double addition a term.

constexpr int kMostTerms = 8;

// The host reads it as little-endian longs and doubles: LossMeterKernel.
struct Meter {
    double sums[kMostTerms];
    long long steps;
    // The first step with a term that was infinite or not a number, counted from 1; 0 for none.
    long long nonFiniteStep;
    // The first such term in it.
    long long nonFiniteTerm;
};

extern "C" __global__ void __launch_bounds__(32)
    loss_meter_add(const float* term0, const float* term1, const float* term2, const float* term3,
                   const float* term4, const float* term5, const float* term6, const float* term7,
                   Meter* meter) {
    if (blockIdx.x != 0 || threadIdx.x != 0) {
        return;
    }
    const float* terms[] = {term0, term1, term2, term3, term4, term5, term6, term7};
    meter->steps++;
#pragma unroll
    for (int k = 0; k < kMostTerms; k++) {
        if (terms[k] == nullptr) {
            continue;
        }
        float term = *terms[k];
        meter->sums[k] += term;
        if (!isfinite(term) && meter->nonFiniteStep == 0) {
            meter->nonFiniteStep = meter->steps;
            meter->nonFiniteTerm = k;
        }
    }
}
