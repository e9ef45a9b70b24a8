//! Bodies that are sent in chunks. Without the feature `http-checksum` there are none.

#[cfg(feature = "http-checksum")]
mod cut {
    use super::super::{Address, Authorization};
    use crate::checksum::{self, Route};
    use crate::plumbing::message::HttpRequest;
    use crate::plumbing::sigv4::{ChunkSigner, Scope, Signature, SigningKey};

    /// How the body of a request is sent in chunks, if it is.
    pub(crate) struct Chunks {
        cut: Option<checksum::Chunks>,
        signer: Option<ChunkSigner>,
    }

    impl Chunks {
        /// Decides it, and sets the headers that say so, or the header with the checksum of a body that is not cut.
        pub(crate) fn of(
            request: &mut HttpRequest,
            address: &Address,
            authorization: &Authorization,
        ) -> Self {
            let route = Route {
                is_encrypted: address.is_encrypted,
                signs_chunks: matches!(authorization, Authorization::SigV4(..)),
                #[cfg(feature = "sigv4a")]
                needs_signature: matches!(authorization, Authorization::SigV4a(..))
                    && !address.is_private,
                #[cfg(not(feature = "sigv4a"))]
                needs_signature: false,
            };
            Self {
                cut: checksum::place(request, route),
                signer: None,
            }
        }

        /// What stands for the hash of the payload.
        pub(crate) fn payload(&self) -> Option<&'static str> {
            self.cut.map(checksum::Chunks::payload)
        }

        /// The signature of the headers, which those of the chunks continue.
        pub(crate) fn begin(&mut self, key: SigningKey, scope: &Scope<'_>, seed: &Signature) {
            if self.cut.is_some_and(|cut| cut.is_signed) {
                self.signer = Some(ChunkSigner::new(key, scope, seed.signature.clone()));
            }
        }

        /// Cuts the body.
        pub(crate) fn cut(self, request: &mut HttpRequest) {
            if let Some(cut) = self.cut {
                let body = std::mem::replace(&mut request.body, crate::Body::empty());
                request.body = cut.frame(body, self.signer);
            }
        }
    }
}

#[cfg(not(feature = "http-checksum"))]
mod cut {
    use super::super::{Address, Authorization};
    use crate::plumbing::message::HttpRequest;
    use crate::plumbing::sigv4::{Scope, Signature, SigningKey};

    /// No chunks.
    pub(crate) struct Chunks;

    impl Chunks {
        pub(crate) fn of(_: &mut HttpRequest, _: &Address, _: &Authorization) -> Self {
            Self
        }

        pub(crate) fn payload(&self) -> Option<&'static str> {
            None
        }

        pub(crate) fn begin(&mut self, _: SigningKey, _: &Scope<'_>, _: &Signature) {}

        pub(crate) fn cut(self, _: &mut HttpRequest) {}
    }
}

pub(super) use self::cut::Chunks;
